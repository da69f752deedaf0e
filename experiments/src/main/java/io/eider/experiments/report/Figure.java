package io.eider.experiments.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.util.List;
import org.knowm.xchart.internal.chartpart.IChart;

/**
 * Charts on one page, under a heading.
 *
 * @param name its file's, without the ending
 * @param heading what the page shows, of which run
 * @param description the same in full, for those who cannot see it
 * @param columns how many charts stand side by side
 * @param charts row by row
 */
public record Figure(String name, String heading, String description, int columns, List<? extends IChart> charts) {
    /** Width of the page in pixels. */
    public static final int WIDTH = 800;
    /** Height of the page in pixels. */
    public static final int HEIGHT = 600;

    private static final int HEADING_HEIGHT = 34;
    private static final int BASELINE = 24;

    /** This figure under the name of one run. */
    Figure ofRun(RunRecords run) {
        return new Figure(name + "-" + run.fileName(), heading, description, columns, charts);
    }

    /** Draws the page. Text becomes outlines, as in the charts, so that it looks the same everywhere. */
    void paint(Graphics2D g) {
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, WIDTH, HEIGHT);
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        TextLayout text = new TextLayout(heading, Look.HEADING, g.getFontRenderContext());
        double left = (WIDTH - text.getAdvance()) / 2;
        g.setColor(Look.INK);
        g.fill(text.getOutline(AffineTransform.getTranslateInstance(left, BASELINE)));
        int rows = (charts.size() + columns - 1) / columns;
        int width = WIDTH / columns;
        int height = (HEIGHT - HEADING_HEIGHT) / rows;
        for (int i = 0; i < charts.size(); i++) {
            AffineTransform page = g.getTransform();
            g.translate(i % columns * width, HEADING_HEIGHT + i / columns * height);
            charts.get(i).paint(g, width, height);
            g.setTransform(page);
        }
    }
}
