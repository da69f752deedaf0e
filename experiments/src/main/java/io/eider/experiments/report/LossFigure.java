package io.eider.experiments.report;

import io.eider.experiments.train.CsvTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Training loss, weighted training loss and test error over the epochs, one line a run, each in a chart of its own. */
final class LossFigure {
    /** The same for all charts, so that their epochs stand below each other. */
    private static final int AXIS_WIDTH = 70;

    private LossFigure() {}

    static Figure of(List<RunRecords> runs) {
        List<XYChart> charts = new ArrayList<>();
        addChart(charts, runs, "train_loss", "training loss");
        if (runs.stream().anyMatch(LossFigure::isWeighted)) {
            addChart(charts, runs, "train_weighted_loss", "weighted loss");
        }
        addChart(charts, runs, "test_error", "test error (%)");
        if (charts.isEmpty()) {
            throw runs.get(0).metrics().damaged("it has no losses");
        }
        charts.get(charts.size() - 1).setXAxisTitle("epoch, from 0");
        charts.get(0).getStyler().setLegendVisible(true);
        String names = runs.stream().map(RunRecords::name).collect(Collectors.joining(", "));
        String heading = "Losses and test error" + (runs.size() == 1 ? ", " + names : "");
        String description = "Over the epochs: "
                + charts.stream().map(XYChart::getYAxisTitle).collect(Collectors.joining(", ")) + ". Runs: " + names;
        return new Figure("losses", heading, description, 1, charts);
    }

    /** Whether the weighted loss is not simply the loss. */
    private static boolean isWeighted(RunRecords run) {
        return run.metrics()
                .rows()
                .anyMatch(row -> !row.text("train_weighted_loss").equals(row.text("train_loss")));
    }

    /** Adds a chart of a column, unless no run has a value there. */
    private static void addChart(List<XYChart> charts, List<RunRecords> runs, String column, String title) {
        XYChart chart = Look.xyChart("", title);
        chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setYAxisLeftWidthHint(AXIS_WIDTH);
        for (RunRecords run : runs) {
            List<CsvTable.Row> rows =
                    run.metrics().rows().filter(row -> row.has(column)).toList();
            if (!rows.isEmpty()) {
                Look.addLine(
                        chart,
                        run.name(),
                        rows.stream().mapToDouble(row -> row.integer("epoch")).toArray(),
                        rows.stream().mapToDouble(row -> row.number(column)).toArray());
            }
        }
        if (!chart.getSeriesCollection().isEmpty()) {
            Look.setEpochs(chart);
            charts.add(chart);
        }
    }
}
