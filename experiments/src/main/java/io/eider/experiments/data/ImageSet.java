package io.eider.experiments.data;

import java.util.List;

/**
 * A labelled set of 32 × 32 colour images in memory.
 *
 * <p>Pixels are unsigned bytes in one array of shape (N, H = 32, W = 32, C = 3), channels red, green, blue innermost; labels
 * are class indices of shape (N). Unmodifiable by convention: the arrays are handed out uncopied, because a training set is
 * 150 MB, and nobody may write to them.
 */
public final class ImageSet {
    /** Height and width of an image, in pixels. */
    public static final int SIDE = 32;

    /** Colour channels of a pixel: red, green, blue. */
    public static final int CHANNELS = 3;

    /** Values in one image: H · W · C = 3072. */
    public static final int VALUES = SIDE * SIDE * CHANNELS;

    private final byte[] pixels;
    private final int[] labels;
    private final List<String> classNames;

    /**
     * Wraps the arrays without copying them.
     *
     * @param pixels unsigned bytes, shape (N, 32, 32, 3)
     * @param labels class indices, shape (N), each in [0, number of class names)
     * @param classNames the name of every class
     * @throws IllegalArgumentException if the lengths disagree or a label is out of range
     */
    public ImageSet(byte[] pixels, int[] labels, List<String> classNames) {
        if (pixels.length != (long) labels.length * VALUES) {
            throw new IllegalArgumentException(pixels.length + " pixel values for " + labels.length
                    + " labels; expected " + (long) labels.length * VALUES);
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classNames.size()) {
                throw new IllegalArgumentException(
                        "label " + labels[i] + " of image " + i + " is not in [0, " + classNames.size() + ")");
            }
        }
        this.pixels = pixels;
        this.labels = labels;
        this.classNames = List.copyOf(classNames);
    }

    /**
     * How many images there are.
     *
     * @return N
     */
    public int size() {
        return labels.length;
    }

    /**
     * How many classes there are, whether or not each has an image.
     *
     * @return the number of classes
     */
    public int classes() {
        return classNames.size();
    }

    /**
     * The class names, by class index.
     *
     * @return an unmodifiable list
     */
    public List<String> classNames() {
        return classNames;
    }

    /**
     * All labels, not a copy.
     *
     * @return class indices, shape (N)
     */
    public int[] labels() {
        return labels;
    }

    /**
     * All pixels, not a copy.
     *
     * @return unsigned bytes, shape (N, 32, 32, 3)
     */
    public byte[] pixels() {
        return pixels;
    }
}
