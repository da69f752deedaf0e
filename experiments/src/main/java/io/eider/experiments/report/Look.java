package io.eider.experiments.report;

import java.awt.Color;
import java.awt.Font;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** What all charts have in common: fonts, colours, lines. */
final class Look {
    static final Font HEADING = new Font(Font.SANS_SERIF, Font.BOLD, 16);
    static final Color INK = new Color(0x222222);

    private static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    static final Font TICK = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final Color GRID = new Color(0xE0E0E0);
    private static final Color FRAME = new Color(0x999999);

    /** Distinguishable to the colour-blind, without the yellow. Source: Okabe and Ito, Color Universal Design, 2008. */
    private static final Color[] COLOURS = {
        new Color(0x0072B2),
        new Color(0xD55E00),
        new Color(0x009E73),
        new Color(0xCC79A7),
        new Color(0xE69F00),
        new Color(0x56B4E9),
        new Color(0x000000)
    };

    private static final Marker[] MARKERS = {
        SeriesMarkers.CIRCLE,
        SeriesMarkers.SQUARE,
        SeriesMarkers.DIAMOND,
        SeriesMarkers.TRIANGLE_UP,
        SeriesMarkers.TRIANGLE_DOWN,
        SeriesMarkers.CROSS
    };

    /** Points of a line that are few enough to be marked one by one. */
    private static final int MARKED = 40;

    private static final double BEFORE = 0.6;
    private static final double AFTER = 0.7;

    /** Pixels between ticks, at least. */
    private static final int TICKS_APART = 70;

    /** Pixels that an axis of epochs has, roughly. */
    private static final int EPOCH_AXIS = 500;

    private Look() {}

    /** A chart without lines yet. */
    static XYChart xyChart(String xTitle, String yTitle) {
        XYChart chart =
                new XYChartBuilder().xAxisTitle(xTitle).yAxisTitle(yTitle).build();
        apply(chart.getStyler());
        chart.getStyler().setSeriesColors(COLOURS);
        chart.getStyler().setSeriesMarkers(MARKERS);
        chart.getStyler().setMarkerSize(7);
        return chart;
    }

    /** Styles any chart that has axes. */
    static void apply(AxesChartStyler style) {
        style.setLocale(Locale.ROOT);
        style.setChartBackgroundColor(Color.WHITE);
        style.setChartFontColor(INK);
        style.setChartTitleFont(TICK);
        style.setChartTitleBoxVisible(false);
        style.setAxisTitleFont(LABEL);
        style.setAxisTickLabelsFont(TICK);
        style.setAxisTickLabelsColor(INK);
        style.setPlotBorderColor(FRAME);
        style.setPlotGridLinesColor(GRID);
        style.setLegendFont(TICK);
        style.setLegendBorderColor(GRID);
        style.setLegendPosition(LegendPosition.OutsideE);
        style.setAnnotationTextFont(TICK);
        style.setAnnotationTextFontColor(INK);
    }

    /** Adds a line; one of many points has no markers, which would hide it. */
    static void addLine(XYChart chart, String name, double[] x, double[] y) {
        XYSeries line = chart.addSeries(name, x, y);
        line.setLineStyle(SeriesLines.SOLID);
        if (x.length > MARKED) {
            line.setMarker(SeriesMarkers.NONE);
        }
    }

    /** Adds marked points, joined or not. */
    static void addPoints(XYChart chart, String name, double[] x, double[] y, boolean joined) {
        chart.addSeries(name, x, y).setLineStyle(joined ? SeriesLines.SOLID : SeriesLines.NONE);
    }

    /**
     * Sets where the x axis begins and ends: parts of a step beyond the data. Without that the chart labels steps that are all
     * equal, however odd, instead of round numbers.
     */
    static void setXRange(XYChart chart, double step) {
        DoubleSummaryStatistics x = xs(chart);
        chart.getStyler().setXAxisMin(x.getMin() - BEFORE * step);
        chart.getStyler().setXAxisMax(x.getMax() + AFTER * step);
    }

    /** Makes the x axis one of epochs: ticks are whole numbers. */
    static void setEpochs(XYChart chart) {
        setXRange(chart, 1);
        DoubleSummaryStatistics x = xs(chart);
        double span = x.getMax() - x.getMin() + BEFORE + AFTER;
        chart.getStyler().setXAxisTickMarkSpacingHint((int) Math.max(TICKS_APART, EPOCH_AXIS / span));
    }

    private static DoubleSummaryStatistics xs(XYChart chart) {
        return chart.getSeriesCollection().stream()
                .flatMapToDouble(series -> Arrays.stream(series.getXData()))
                .summaryStatistics();
    }
}
