package io.eider.experiments.data;

/**
 * Train-time augmentation: pad by 4 pixels of reflection, crop 32 × 32 at random, flip left to right with probability ½,
 * normalise.
 *
 * <p>Reflection does not repeat the edge (NumPy's and PyTorch's {@code reflect}): column −1 is column 1, column 32 is column
 * 30. The three draws of an image (row offset, column offset, flip) depend only on (seed, purpose, round, image), so neither
 * its place in a batch nor the thread that assembles it matters.
 *
 * <p>Source: the authors' code, data_utils.py.
 */
public final class Augmentation {
    private static final int PAD = 4;
    private static final int OFFSETS = 2 * PAD + 1;
    private static final int DRAWS = 3;
    private static final int[] REFLECTED = reflected();

    private final CounterRandom random;

    /**
     * The augmentation of one purpose.
     *
     * @param seed the run's seed
     * @param purpose such as {@code "train augmentation"}
     */
    public Augmentation(long seed, String purpose) {
        this.random = CounterRandom.of(seed, purpose);
    }

    /** Entry i is the source row of padded row i, for i in [0, 40). */
    private static int[] reflected() {
        int[] source = new int[ImageSet.SIDE + 2 * PAD];
        for (int i = 0; i < source.length; i++) {
            int inside = Math.abs(i - PAD);
            source[i] = Math.min(inside, 2 * (ImageSet.SIDE - 1) - inside);
        }
        return source;
    }

    /**
     * Writes one augmented, normalised image.
     *
     * @param images where the image is
     * @param image its index
     * @param round how often the image was drawn before: the epoch, or the iteration; at least 0
     * @param out f32, receives (H, W, C) = (32, 32, 3) values
     * @param at where in {@code out} the image starts
     */
    public void write(ImageSet images, int image, long round, float[] out, int at) {
        long counter = DRAWS * (round * images.size() + image);
        int top = random.below(counter, OFFSETS);
        int left = random.below(counter + 1, OFFSETS);
        boolean flip = random.below(counter + 2, 2) == 1;
        crop(images, image, top, left, flip, out, at);
    }

    /** The deterministic part: window offsets in [0, 8], (4, 4) without flip being the image itself. */
    static void crop(ImageSet images, int image, int top, int left, boolean flip, float[] out, int at) {
        byte[] pixels = images.pixels();
        int to = at;
        for (int y = 0; y < ImageSet.SIDE; y++) {
            int row = (image * ImageSet.SIDE + REFLECTED[top + y]) * ImageSet.SIDE;
            for (int x = 0; x < ImageSet.SIDE; x++) {
                int column = REFLECTED[left + (flip ? ImageSet.SIDE - 1 - x : x)];
                int from = (row + column) * ImageSet.CHANNELS;
                for (int c = 0; c < ImageSet.CHANNELS; c++) {
                    out[to++] = Normalisation.of(c, pixels[from + c]);
                }
            }
        }
    }
}
