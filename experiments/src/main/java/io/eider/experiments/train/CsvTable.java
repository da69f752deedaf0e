package io.eider.experiments.train;

import io.eider.experiments.IoReason;
import io.eider.experiments.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A table that a run wrote: a line of headings, then rows. Columns are found by heading, so a file may have more of them than
 * are asked for. No value contains a comma.
 */
public final class CsvTable {
    private final Path file;
    private final List<String> headings;
    private final List<String> lines;

    private CsvTable(Path file, List<String> lines) {
        this.file = file;
        this.headings = List.of(lines.get(0).split(",", -1));
        this.lines = lines;
    }

    /**
     * Reads a file. A last line without an end is one that is being written, and is left out.
     *
     * @param file such as {@code metrics.csv}
     * @return the table
     * @throws UserError if the file is missing or has no headings
     */
    public static CsvTable read(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            List<String> lines =
                    text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
            if (lines.isEmpty()) {
                throw new UserError(file + " is damaged: it has no headings");
            }
            return new CsvTable(file, lines);
        } catch (IOException e) {
            throw new UserError("cannot read the results: " + IoReason.of(e), e);
        }
    }

    /**
     * Reads a file that not every run has.
     *
     * @param file such as {@code confusion.csv}
     * @return the table, or nothing if there is no such file
     */
    public static Optional<CsvTable> readIfPresent(Path file) {
        return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
    }

    /**
     * The headings.
     *
     * @return in the order of the columns
     */
    public List<String> headings() {
        return headings;
    }

    /**
     * The rows.
     *
     * @return in the order of the file
     */
    public Stream<Row> rows() {
        return IntStream.range(1, lines.size()).mapToObj(Row::new);
    }

    /**
     * What is wrong with the file, for the user.
     *
     * @param what is wrong
     * @return to be thrown
     */
    public UserError damaged(String what) {
        return new UserError(file + " is damaged: " + what);
    }

    /** One row. */
    public final class Row {
        private final int line;
        private final String[] cells;

        private Row(int line) {
            this.line = line;
            this.cells = lines.get(line).split(",", -1);
            if (cells.length != headings.size()) {
                throw damaged("line " + (line + 1) + " has " + cells.length + " values under " + headings.size()
                        + " headings");
            }
        }

        /**
         * A cell.
         *
         * @param heading of the column
         * @return its text, empty where there is no value
         * @throws UserError if there is no such column
         */
        public String text(String heading) {
            int column = headings.indexOf(heading);
            if (column < 0) {
                throw damaged("it has no column '" + heading + "'");
            }
            return cells[column];
        }

        /**
         * Whether a cell has a value.
         *
         * @param heading of the column
         * @return false if it is empty
         */
        public boolean has(String heading) {
            return !text(heading).isEmpty();
        }

        /**
         * A cell as a number.
         *
         * @param heading of the column
         * @return its value
         * @throws UserError if it is no number
         */
        public double number(String heading) {
            return parse(heading, Double::valueOf);
        }

        /**
         * A cell as an integer.
         *
         * @param heading of the column
         * @return its value
         * @throws UserError if it is no integer
         */
        public int integer(String heading) {
            return parse(heading, Integer::valueOf);
        }

        private <T> T parse(String heading, Function<String, T> number) {
            try {
                return number.apply(text(heading));
            } catch (NumberFormatException e) {
                throw damaged("line " + (line + 1) + " has '" + text(heading) + "' under '" + heading + "'");
            }
        }
    }
}
