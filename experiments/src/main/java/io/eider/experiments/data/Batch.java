package io.eider.experiments.data;

/**
 * A buffer for up to a fixed number of images, refilled again and again. Only the first {@link #size()} entries count; what
 * lies behind them is left over from earlier fillings.
 */
public final class Batch {
    private final float[] images;
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
        images = new float[Math.multiplyExact(capacity, ImageSet.VALUES)];
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

    /** Notes which image is at {@code slot}. */
    void put(int slot, int index, int label) {
        indices[slot] = index;
        labels[slot] = label;
    }

    /**
     * The normalised images, not a copy.
     *
     * @return f32, shape (capacity, H = 32, W = 32, C = 3)
     */
    public float[] images() {
        return images;
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
