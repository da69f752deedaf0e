package io.eider.experiments.report;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** How figures are written. Equal figures give equal bytes, with one Java and its fonts. */
public enum FigureFormat {
    /** Pixels. */
    PNG {
        @Override
        public void write(Figure figure, OutputStream out) throws IOException {
            BufferedImage page = new BufferedImage(Figure.WIDTH, Figure.HEIGHT, BufferedImage.TYPE_INT_RGB);
            Graphics2D g = page.createGraphics();
            figure.paint(g);
            g.dispose();
            try (ImageOutputStream image = new MemoryCacheImageOutputStream(out)) {
                ImageIO.write(page, "png", image);
            }
        }
    },
    /** Curves. */
    SVG {
        @Override
        public void write(Figure figure, OutputStream out) throws IOException {
            SvgWriter.write(figure, out);
        }
    };

    /**
     * Writes a figure.
     *
     * @param figure what to draw
     * @param out where to; stays open
     * @throws IOException if it cannot be written
     */
    public abstract void write(Figure figure, OutputStream out) throws IOException;
}
