package io.eider.experiments.report;

import io.eider.experiments.train.CsvTable;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.knowm.xchart.XYChart;

/** The mean conditional weight ε of some classes over the last epochs. Source: the paper's "What are the learned ε". */
final class EpsilonFigure {
    private EpsilonFigure() {}

    /** Draws it, or nothing if no epoch has ε. */
    static Optional<Figure> of(RunRecords run, int epochs, List<Integer> classes) {
        List<CsvTable.Row> all =
                run.classes().rows().filter(row -> row.has("eps_mean")).toList();
        if (all.isEmpty()) {
            return Optional.empty();
        }
        int last = all.get(all.size() - 1).integer("epoch");
        List<CsvTable.Row> rows = all.stream()
                .filter(row -> row.integer("epoch") > last - epochs)
                .filter(row -> classes.contains(row.integer("class")))
                .toList();
        TenPower unit = TenPower.of(rows.stream().mapToDouble(row -> row.number("eps_mean")));
        XYChart chart = Look.xyChart("epoch, from 0", unit.label("class mean of ε"));
        for (int c : classes) {
            List<CsvTable.Row> line =
                    rows.stream().filter(row -> row.integer("class") == c).toList();
            Look.addLine(
                    chart,
                    run.classNames().get(c) + ", " + run.trainImages().get(c) + " images",
                    column(line, row -> row.integer("epoch")),
                    unit.divide(column(line, row -> row.number("eps_mean"))));
        }
        Look.setEpochs(chart);
        String heading = "Learned ε of " + run.name();
        String description = heading + ": its mean in each epoch up to " + last + " over the training images of "
                + classes.stream().map(run.classNames()::get).collect(Collectors.joining(", "));
        return Optional.of(new Figure("epsilon", heading, description, 1, List.of(chart)));
    }

    private static double[] column(List<CsvTable.Row> rows, ToDoubleFunction<CsvTable.Row> value) {
        return rows.stream().mapToDouble(value).toArray();
    }
}
