package io.eider.experiments.table;

import io.eider.engine.io.AtomicFile;
import io.eider.experiments.IoReason;
import io.eider.experiments.UserError;
import io.eider.experiments.report.Block;
import io.eider.experiments.report.Html;
import io.eider.experiments.report.Markdown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Writes {@code table.md}, {@code table.html} and {@code table.json}. */
public final class TableReports {
    private TableReports() {}

    /**
     * Reads the cells' folders and writes what they hold.
     *
     * @param selection which cells belong to the table
     * @param out the table's folder
     * @return what was read
     * @throws UserError if a file cannot be written
     */
    public static TableResult write(Selection selection, Path out) {
        TableResult table = TableResult.read(selection, out);
        List<Block> document = TableDocument.of(table);
        write(out.resolve("table.md"), Markdown.of(document));
        write(out.resolve("table.html"), Html.of(TableDocument.title(table), document));
        write(out.resolve("table.json"), TableJson.of(table));
        return table;
    }

    private static void write(Path file, String text) {
        try {
            AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UserError(
                    "cannot write " + file + ": " + IoReason.of(e) + "; choose a writable folder with --out", e);
        }
    }
}
