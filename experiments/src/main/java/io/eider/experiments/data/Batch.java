package io.eider.experiments.data;

/**
 * A buffer for up to a fixed number of images, refilled again and again. Only the first {@link #size()} entries count; what
 * lies behind them is left over from earlier fillings.
 */
public final class Batch {
    private final byte[] pixels;
    private final int[] draws;
    private final int[] labels;
    private final int[] indices;
    private long iteration;
    private int size;

    /**
     * An empty buffer.
     *
     * @param capacity the most images it can hold
     */
    public Batch(int capacity) {
        pixels = new byte[Math.multiplyExact(capacity, ImageSet.VALUES)];
        draws = new int[capacity * Augmentation.DRAWS];
        labels = new int[capacity];
        indices = new int[capacity];
    }

    /** Starts a new filling. */
    void begin(long newIteration, int newSize) {
        if (newSize > labels.length) {
            throw new IllegalArgumentException(newSize + " images do not fit a batch of " + labels.length);
        }
        iteration = newIteration;
        size = newSize;
    }

    /** Puts an image at {@code slot}; its draws are set apart. */
    void put(int slot, ImageSet images, int index) {
        indices[slot] = index;
        labels[slot] = images.labels()[index];
        System.arraycopy(images.pixels(), index * ImageSet.VALUES, pixels, slot * ImageSet.VALUES, ImageSet.VALUES);
    }

    /**
     * The images, not a copy.
     *
     * @return unsigned bytes, shape (capacity, H = 32, W = 32, C = 3)
     */
    public byte[] pixels() {
        return pixels;
    }

    /**
     * How each image is cropped and flipped, not a copy.
     *
     * @return what {@link Augmentation} drew, shape (capacity, 3)
     */
    public int[] draws() {
        return draws;
    }

    /**
     * The labels, not a copy.
     *
     * @return class indices, shape (capacity)
     */
    public int[] labels() {
        return labels;
    }

    /**
     * Which images these are, not a copy.
     *
     * @return indices into the {@link ImageSet}, shape (capacity)
     */
    public int[] indices() {
        return indices;
    }

    /**
     * How many images the batch holds.
     *
     * @return the batch size n
     */
    public int size() {
        return size;
    }

    /**
     * Which batch of its source this is.
     *
     * @return the iteration, from 0
     */
    public long iteration() {
        return iteration;
    }
}
