package io.eider.experiments.table;

import io.eider.experiments.train.CsvTable;
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
    /** Reads it; nothing was done where there is no such file. */
    static CellTime read(Path folder) {
        List<CsvTable.Row> rows = CsvTable.readIfPresent(folder.resolve("timing.csv")).stream()
                .flatMap(CsvTable::rows)
                .toList();
        return new CellTime(
                rows.size(),
                rows.stream().mapToDouble(row -> row.number("train_seconds")).sum(),
                rows.stream().mapToDouble(row -> row.number("test_seconds")).sum());
    }
}
