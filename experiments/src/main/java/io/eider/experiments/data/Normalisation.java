package io.eider.experiments.data;

/**
 * Maps a byte of channel c to {@code (byte/255 − mean_c) / std_c}, with mean (125.3, 123.0, 113.9)/255 and standard deviation
 * (63.0, 62.1, 66.7)/255 for red, green, blue, as in the authors' code for both CIFAR sets.
 *
 * <p>A table of 3 · 256 f32 values, each rounded once from f64.
 */
public final class Normalisation {
    private static final double[] MEAN = {125.3, 123.0, 113.9};
    private static final double[] STD = {63.0, 62.1, 66.7};
    private static final float[] TABLE = table();

    private Normalisation() {}

    private static float[] table() {
        float[] table = new float[ImageSet.CHANNELS << 8];
        for (int i = 0; i < table.length; i++) {
            table[i] = (float) (((i & 0xff) - MEAN[i >> 8]) / STD[i >> 8]);
        }
        return table;
    }

    /**
     * The normalised value of one byte.
     *
     * @param channel 0, 1 or 2 for red, green or blue
     * @param value the byte; its eight bits are read as 0 … 255
     * @return about −2 … 2.1
     */
    public static float of(int channel, byte value) {
        return TABLE[(channel << 8) | (value & 0xff)];
    }

    /**
     * Writes a whole image, unaugmented.
     *
     * @param images where the image is
     * @param image its index
     * @param out f32, receives (H, W, C) = (32, 32, 3) values
     * @param at where in {@code out} the image starts
     */
    public static void write(ImageSet images, int image, float[] out, int at) {
        byte[] pixels = images.pixels();
        int from = image * ImageSet.VALUES;
        for (int i = 0; i < ImageSet.VALUES; i += ImageSet.CHANNELS) {
            for (int c = 0; c < ImageSet.CHANNELS; c++) {
                out[at + i + c] = of(c, pixels[from + i + c]);
            }
        }
    }
}
