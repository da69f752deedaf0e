package io.eider.experiments.table;

import io.eider.experiments.config.NamedConfig;
import io.eider.experiments.config.Row;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the cells of a table came to, as far as they are.
 *
 * @param dataset their data set
 * @param factors a table for each imbalance factor
 */
public record TableResult(String dataset, List<FactorResult> factors) {
    static TableResult read(Selection selection, Path table) {
        return new TableResult(
                selection.dataset(),
                selection.factors().stream()
                        .map(factor -> new FactorResult(
                                factor,
                                selection.rows().stream()
                                        .map(row -> row(selection, factor, row, table))
                                        .toList()))
                        .toList());
    }

    private static RowResult row(Selection selection, int factor, Row row, Path table) {
        NamedConfig config = new NamedConfig(selection.dataset(), factor, row);
        return new RowResult(
                row,
                config.published(),
                selection.seeds().stream()
                        .map(seed -> CellResult.read(new Cell(config, seed), table))
                        .toList());
    }

    Stream<CellResult> cells() {
        return factors.stream().flatMap(factor -> factor.rows().stream()).flatMap(row -> row.cells().stream());
    }

    /**
     * The cells that failed.
     *
     * @return each with its reason, one line
     */
    public List<String> failures() {
        return cells().filter(cell -> cell.status() == CellStatus.FAILED)
                .map(cell -> cell.cell().name() + ": " + cell.failure().orElse("no reason was noted"))
                .toList();
    }
}
