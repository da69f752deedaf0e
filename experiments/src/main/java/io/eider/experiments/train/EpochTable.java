package io.eider.experiments.train;

import io.eider.engine.io.AtomicFile;
import io.eider.experiments.IoReason;
import io.eider.experiments.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;

/** A CSV file that grows by epoch; the first column is the epoch. */
final class EpochTable {
    private final Path file;
    private final List<String> columns;

    EpochTable(Path file, List<String> columns) {
        this.file = file;
        this.columns = columns;
    }

    /** Keeps the rows of epochs before the given one, and the header; makes the file if there is none. */
    void keepBefore(int epoch) {
        StringBuilder kept = new StringBuilder(line(columns));
        try {
            String text = Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
            // A process killed while it wrote leaves a line without an end.
            text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .skip(1)
                    .filter(row -> epochOf(row) < epoch)
                    .forEach(row -> kept.append(row).append('\n'));
            AtomicFile.write(file, out -> out.write(kept.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Adds rows; each value stands under its column. */
    void append(List<List<String>> rows) {
        String text = rows.stream().map(EpochTable::line).collect(Collectors.joining());
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private int epochOf(String row) {
        String first = row.substring(0, Math.max(0, row.indexOf(',')));
        try {
            return Integer.parseInt(first);
        } catch (NumberFormatException e) {
            throw new UserError(file + " was changed: a row begins with '" + first + "' instead of an epoch", e);
        }
    }

    private UserError unwritable(IOException e) {
        return new UserError(
                "cannot write " + file + ": " + IoReason.of(e) + "; choose a writable folder with --out", e);
    }

    private static String line(List<String> values) {
        return String.join(",", values) + "\n";
    }
}
