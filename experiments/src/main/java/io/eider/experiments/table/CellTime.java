package io.eider.experiments.table;

import io.eider.experiments.IoReason;
import io.eider.experiments.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How long a cell took, from its {@code timing.csv}. What a killed process did after its last checkpoint is not in it.
 *
 * @param epochs that are finished
 * @param trainSeconds for their steps
 * @param testSeconds for their looks at the test set
 */
record CellTime(int epochs, double trainSeconds, double testSeconds) {
    private static final int TRAIN = 1;
    private static final int TEST = 3;

    /** Reads it; nothing was done where there is no such file. */
    static CellTime read(Path folder) {
        Path file = folder.resolve("timing.csv");
        if (!Files.exists(file)) {
            return new CellTime(0, 0, 0);
        }
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            // A process killed while it wrote leaves a line without an end.
            List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .skip(1)
                    .toList();
            double train = 0;
            double test = 0;
            for (String line : lines) {
                String[] cells = line.split(",", -1);
                train += Double.parseDouble(cells[TRAIN]);
                test += Double.parseDouble(cells[TEST]);
            }
            return new CellTime(lines.size(), train, test);
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + IoReason.of(e), e);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new UserError(file + " is damaged: it is no table of seconds", e);
        }
    }
}
