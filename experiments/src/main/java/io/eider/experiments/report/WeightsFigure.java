package io.eider.experiments.report;

import io.eider.experiments.train.CsvTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Histograms of the final weights of the training images of some classes, in the last epoch that was written. Where they are
 * w + ε the axis is ε, because w is one number a class, beside which an ε of 1e-7 could not be read.
 */
final class WeightsFigure {
    /** In pixels; charts are small. */
    private static final int TICKS_APART = 40;

    private WeightsFigure() {}

    /** Draws it, or nothing if the run wrote no weights. */
    static Optional<Figure> of(RunRecords run, List<Integer> classes) {
        Optional<CsvTable> table = run.weights();
        OptionalInt last = table.stream()
                .flatMap(CsvTable::rows)
                .mapToInt(row -> row.integer("epoch"))
                .max();
        if (last.isEmpty()) {
            return Optional.empty();
        }
        List<CsvTable.Row> rows = table.orElseThrow()
                .rows()
                .filter(row -> row.integer("epoch") == last.getAsInt() && classes.contains(row.integer("label")))
                .toList();
        List<XYChart> charts = new ArrayList<>();
        for (int c : classes) {
            List<CsvTable.Row> examples =
                    rows.stream().filter(row -> row.integer("label") == c).toList();
            if (examples.isEmpty()) {
                throw table.orElseThrow().damaged("epoch " + last.getAsInt() + " has no image of class " + c);
            }
            charts.add(chart(run.classNames().get(c), examples));
        }
        String heading = "Final weights of training images, " + run.name() + ", epoch " + last.getAsInt();
        String description = heading + ": a histogram each for "
                + classes.stream().map(run.classNames()::get).collect(Collectors.joining(", "));
        int columns = (int) Math.ceil(Math.sqrt(classes.size()));
        return Optional.of(new Figure("weights", heading, description, columns, charts));
    }

    private static XYChart chart(String name, List<CsvTable.Row> examples) {
        boolean conditional = examples.get(0).has("epsilon");
        String column = conditional ? "epsilon" : "weight";
        Histogram histogram = Histogram.of(
                examples.stream().mapToDouble(row -> row.number(column)).toArray());
        TenPower unit = TenPower.of(Arrays.stream(histogram.edges()));
        XYChart chart = Look.xyChart(unit.label(conditional ? "ε" : "w"), "images");
        chart.setTitle(conditional ? String.format(Locale.ROOT, "%s: %.3g + ε", name, classWeight(examples)) : name);
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setXAxisTickMarkSpacingHint(TICKS_APART);
        XYSeries bars = chart.addSeries(name, unit.divide(histogram.edges()), histogram.counts());
        bars.setXYSeriesRenderStyle(XYSeriesRenderStyle.StepArea);
        bars.setMarker(SeriesMarkers.NONE);
        Look.setXRange(chart, bars.getXData()[1] - bars.getXData()[0]);
        return chart;
    }

    private static double classWeight(List<CsvTable.Row> examples) {
        return examples.stream()
                .mapToDouble(row -> row.number("weight") - row.number("epsilon"))
                .average()
                .orElseThrow();
    }
}
