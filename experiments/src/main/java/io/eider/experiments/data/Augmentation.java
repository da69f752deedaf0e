package io.eider.experiments.data;

/**
 * Train-time augmentation: pad by 4 pixels of reflection, crop 32 × 32 at random, flip left to right with probability ½.
 * Here an image's three draws are made: row and column of the window in 0…8, (4, 4) being the image's own place, and 0 or 1,
 * whether to flip. The device does the rest.
 *
 * <p>Draws depend only on (seed, purpose, round, image), so neither an image's place in a batch nor the thread that assembles
 * it matters.
 *
 * <p>Source: the authors' code, data_utils.py.
 */
public final class Augmentation {
    /** Pixels by which each side is padded. */
    public static final int PAD = 4;

    /** Draws of one image: row, column, flip. */
    public static final int DRAWS = 3;

    private static final int OFFSETS = 2 * PAD + 1;

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

    /**
     * Draws for an image.
     *
     * @param images how many there are in its set
     * @param image its index in the set
     * @param round how often the image was drawn for before: the epoch, or the iteration; at least 0
     * @param out receives row, column and flip
     * @param at where in {@code out}
     */
    public void draw(int images, int image, long round, int[] out, int at) {
        long counter = DRAWS * (round * images + image);
        out[at] = random.below(counter, OFFSETS);
        out[at + 1] = random.below(counter + 1, OFFSETS);
        out[at + 2] = random.below(counter + 2, 2);
    }

    /** Writes the draws that leave an image as it is. */
    static void none(int[] out, int at) {
        out[at] = PAD;
        out[at + 1] = PAD;
        out[at + 2] = 0;
    }
}
