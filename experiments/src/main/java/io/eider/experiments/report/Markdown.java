package io.eider.experiments.report;

import io.eider.experiments.report.Block.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a report as Markdown that reads well as plain text. */
public final class Markdown {
    private Markdown() {}

    /**
     * Writes a report.
     *
     * @param blocks its parts
     * @return Markdown
     */
    public static String of(List<Block> blocks) {
        return blocks.stream().map(Markdown::block).collect(Collectors.joining("\n"));
    }

    private static String block(Block block) {
        if (block instanceof Block.Heading heading) {
            return "#".repeat(heading.level()) + " " + heading.text() + "\n";
        }
        if (block instanceof Block.Warning warning) {
            return "> **Warning:** " + warning.text() + "\n";
        }
        if (block instanceof Block.Items list) {
            return list.items().stream().map(item -> "- " + item + "\n").collect(Collectors.joining());
        }
        if (block instanceof Block.Table table) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(table.headings());
            table.rows()
                    .forEach(row -> rows.add(
                            row.stream().map(Entry::text).map(Markdown::entry).toList()));
            return TextTable.of(rows);
        }
        return ((Block.Paragraph) block).text() + "\n";
    }

    private static String entry(String text) {
        return text.replace("|", "\\|");
    }
}
