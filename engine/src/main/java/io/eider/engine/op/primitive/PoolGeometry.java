package io.eider.engine.op.primitive;

import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.TensorType;
import java.util.List;

/** The square windows of a pooling: shared by {@link MaxPool}, {@link PickInWindow} and {@link PlaceInWindow}. */
record PoolGeometry(int window, int stride, int padding) {
    /** A place within a larger window would not fit a byte. */
    private static final int LARGEST_WINDOW = 15;

    /**
     * Returns the shape (N, P, Q, C) of what is made of images (N, H, W, C).
     *
     * @throws ShapeException if there are no such windows, or one would lie in the padding as a whole
     */
    Shape results(Op op, List<TensorType> inputs, int batch, int height, int width, int channels) {
        if (window < 1 || window > LARGEST_WINDOW) {
            throw new ShapeException(op, inputs, "its window must be 1 to " + LARGEST_WINDOW + " pixels wide");
        }
        if (padding >= window) {
            throw new ShapeException(
                    op, inputs, "its padding must be less than its window, or a window could hold no pixel");
        }
        if (height < 1 || width < 1 || channels < 1) {
            throw new ShapeException(op, inputs, "images must have at least one pixel and one channel");
        }
        long padded = (height + 2L * padding) * (width + 2L * padding);
        if (padded > Integer.MAX_VALUE / channels) {
            throw new ShapeException(op, inputs, "an image with its padding must have fewer than 2^31 elements");
        }
        return Shape.of(
                batch,
                Windows.count(op, inputs, height, window, stride, padding),
                Windows.count(op, inputs, width, window, stride, padding),
                channels);
    }

    /** Returns the windows of images, whose results have the given shape. */
    Windows windows(Shape images, Shape results) {
        return new Windows(images, results, window, window, stride, padding);
    }
}
