package io.eider.experiments.data;

import java.awt.image.Raster;
import java.awt.image.RenderedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Turns a sprite, a lossless PNG that holds one CIFAR image per pixel row, back into official binary records.
 *
 * <p>Row r of the sprite holds the 1024 pixels of image r in raster order, so the sprite is N pixels high and 1024 wide.
 */
final class SpriteDecoder {
    private static final int PIXELS = ImageSet.SIDE * ImageSet.SIDE;

    private SpriteDecoder() {}

    /**
     * Writes one record per sprite row: the label byte, then the red, green and blue plane.
     *
     * @param png the sprite
     * @param labels labels of several sprites, joined
     * @param first index in {@code labels} of the sprite's row 0
     * @param records rows the sprite must have
     * @throws IOException if it is not such a sprite
     */
    static void writeRecords(InputStream png, int[] labels, int first, int records, OutputStream out)
            throws IOException {
        // In memory, or ImageIO would copy the stream to a temporary file first; read() closes it.
        RenderedImage sprite = ImageIO.read(new MemoryCacheImageInputStream(png));
        if (sprite == null) {
            throw new IOException("the sprite is not an image that Java can read");
        }
        Raster raster = sprite.getData();
        if (raster.getWidth() != PIXELS || raster.getHeight() != records || raster.getNumBands() < 3) {
            throw new IOException("the sprite has " + raster.getHeight() + " rows of " + raster.getWidth()
                    + " pixels and " + raster.getNumBands() + " bands; expected " + records + " rows of " + PIXELS
                    + " RGB pixels");
        }
        if (first + records > labels.length) {
            throw new IOException("the package has " + labels.length + " labels; expected " + (first + records));
        }
        int[] samples = new int[PIXELS];
        byte[] record = new byte[1 + ImageSet.VALUES];
        for (int row = 0; row < records; row++) {
            record[0] = (byte) labels[first + row];
            for (int band = 0; band < ImageSet.CHANNELS; band++) {
                raster.getSamples(0, row, PIXELS, 1, band, samples);
                for (int i = 0; i < PIXELS; i++) {
                    record[1 + band * PIXELS + i] = (byte) samples[i];
                }
            }
            out.write(record);
        }
    }
}
