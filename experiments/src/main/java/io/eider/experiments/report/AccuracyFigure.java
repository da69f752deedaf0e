package io.eider.experiments.report;

import io.eider.experiments.train.CsvTable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Test accuracy of each class against its number of training images, one line a run. */
final class AccuracyFigure {
    /** Room to the left and to the right of the points, as a factor. */
    private static final double MARGIN = 1.25;

    /** Above 100 % there is room for the names of this many classes. */
    private static final int NAMED = 10;

    private static final double NAMES_AT = 105;
    private static final double TOP = 109;

    /** Share of the plot between the ends of the axes. */
    private static final double CONTENT = 0.97;

    private AccuracyFigure() {}

    /** Draws it, or nothing if no run was tried on the test set. */
    static Optional<Figure> of(List<RunRecords> runs) {
        XYChart chart = Look.xyChart("training images of the class, logarithmic", "test accuracy (%)");
        for (RunRecords run : runs) {
            List<CsvTable.Row> rows = lastTried(run);
            if (!rows.isEmpty()) {
                double[] sizes = rows.stream()
                        .mapToDouble(row -> row.integer("train_images"))
                        .toArray();
                Look.addPoints(
                        chart,
                        run.name() + ", epoch " + rows.get(0).integer("epoch"),
                        sizes,
                        rows.stream()
                                .mapToDouble(row -> row.number("test_accuracy"))
                                .toArray(),
                        Arrays.stream(sizes).distinct().count() == sizes.length);
            }
        }
        if (chart.getSeriesCollection().isEmpty()) {
            return Optional.empty();
        }
        style(chart, runs);
        addClassNames(chart, runs);
        String heading = "Test accuracy by class size"
                + (runs.size() == 1 ? ", " + runs.get(0).name() : "");
        String description = "Test accuracy of each class against its number of training images. Runs: "
                + chart.getSeriesCollection().stream().map(XYSeries::getName).collect(Collectors.joining("; "))
                + ". Classes: "
                + String.join(", ", runs.get(0).classNames());
        return Optional.of(new Figure("accuracy-by-size", heading, description, 1, List.of(chart)));
    }

    /** The classes in the last epoch with a look at the test set, smallest first. */
    private static List<CsvTable.Row> lastTried(RunRecords run) {
        List<CsvTable.Row> tried = run.classes()
                .rows()
                .filter(row -> row.has("test_accuracy") && !Double.isNaN(row.number("test_accuracy")))
                .toList();
        return tried.stream()
                .filter(row ->
                        row.integer("epoch") == tried.get(tried.size() - 1).integer("epoch"))
                .sorted(Comparator.comparing(row -> row.integer("train_images")))
                .toList();
    }

    private static void style(XYChart chart, List<RunRecords> runs) {
        List<Integer> sizes = runs.stream()
                .flatMap(run -> run.trainImages().stream())
                .sorted()
                .toList();
        chart.getStyler().setXAxisLogarithmic(true);
        chart.getStyler().setXAxisMin(sizes.get(0) / MARGIN);
        chart.getStyler().setXAxisMax(sizes.get(sizes.size() - 1) * MARGIN);
        chart.getStyler().setXAxisLogarithmicDecadeOnly(false);
        chart.getStyler().setXAxisTickLabelsFormattingFunction(AccuracyFigure::sizeLabel);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setYAxisMax(TOP);
        chart.getStyler().setPlotContentSize(CONTENT);
        chart.getStyler().setLegendPosition(LegendPosition.InsideSE);
    }

    /** Labels 1, 2, 5 of each decade; more would overlap. */
    private static String sizeLabel(double size) {
        String digits = Long.toString(Math.round(size));
        return "125".indexOf(digits.charAt(0)) < 0 ? " " : digits;
    }

    /** Names the classes above their points, where the runs agree on sizes and names have room. */
    private static void addClassNames(XYChart chart, List<RunRecords> runs) {
        List<Integer> sizes = runs.get(0).trainImages();
        List<String> names = runs.get(0).classNames();
        if (sizes.size() <= NAMED
                && new HashSet<>(sizes).size() == sizes.size()
                && runs.stream()
                        .allMatch(run -> run.trainImages().equals(sizes)
                                && run.classNames().equals(names))) {
            for (int c = 0; c < sizes.size(); c++) {
                chart.addAnnotation(new AnnotationText(names.get(c), sizes.get(c), NAMES_AT, false));
            }
        }
    }
}
