package io.eider.experiments.report;

import io.eider.experiments.train.CsvTable;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.HeatMapStyler;

/** What the test images of each class were taken for, in percent of that class. */
final class ConfusionFigure {
    private static final String TRUE_CLASS = "true";
    private static final int NAMED = 20;

    /** Of more classes than can be named, every one so many has its number. */
    private static final int LABELLED = 10;

    /** From nothing to everything; black numbers are readable on both. */
    private static final Color[] RANGE = {Color.WHITE, new Color(0x3A96D0)};

    private ConfusionFigure() {}

    /** Draws it, or nothing if the run wrote no counts. */
    static Optional<Figure> of(RunRecords run) {
        return run.confusion().map(table -> figure(run, table));
    }

    private static Figure figure(RunRecords run, CsvTable table) {
        List<String> names = table.headings().subList(1, table.headings().size());
        List<CsvTable.Row> rows = table.rows().toList();
        if (!rows.stream().map(row -> row.text(TRUE_CLASS)).toList().equals(names)) {
            throw table.damaged("its rows are not the classes of its headings");
        }
        boolean named = names.size() <= NAMED;
        List<String> labels = named
                ? names
                : IntStream.range(0, names.size())
                        .mapToObj(c -> c % LABELLED == 0 ? "" + c : " ")
                        .toList();
        List<String> upwards = new ArrayList<>(labels);
        Collections.reverse(upwards);
        String number = named ? "" : " (number)";
        HeatMapChart chart = new HeatMapChartBuilder()
                .xAxisTitle("predicted class" + number)
                .yAxisTitle("true class" + number)
                .build();
        chart.addSeries("percent", labels, upwards, cells(rows, names));
        style(chart.getStyler(), named);
        String heading = "Confusion on the test set, " + run.name() + " (% of the true class)";
        String description = heading + ". Classes: " + String.join(", ", names);
        return new Figure("confusion", heading, description, 1, List.of(chart));
    }

    /** Column, row from below, and percent of each cell. */
    private static List<Number[]> cells(List<CsvTable.Row> rows, List<String> names) {
        List<Number[]> cells = new ArrayList<>();
        for (int y = 0; y < rows.size(); y++) {
            CsvTable.Row row = rows.get(y);
            int images = names.stream().mapToInt(row::integer).sum();
            for (int x = 0; x < names.size(); x++) {
                double percent = images == 0 ? 0 : 100.0 * row.integer(names.get(x)) / images;
                cells.add(new Number[] {x, rows.size() - 1 - y, percent});
            }
        }
        return cells;
    }

    private static void style(HeatMapStyler style, boolean named) {
        Look.apply(style);
        style.setRangeColors(RANGE);
        style.setMin(0);
        style.setMax(100);
        style.setShowValue(named);
        style.setHeatMapValueDecimalPattern("0");
        style.setPlotContentSize(1);
        style.setPlotGridLinesVisible(false);
        style.setXAxisTickMarkSpacingHint(1); // else labels are left out
        style.setXAxisLabelRotation(named ? 45 : 0);
        style.setXAxisLabelAlignment(named ? TextAlignment.Right : TextAlignment.Centre);
        style.setValueFont(Look.TICK);
    }
}
