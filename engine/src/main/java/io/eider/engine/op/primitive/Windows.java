package io.eider.engine.op.primitive;

import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.TensorType;
import java.util.List;

/** The windows that are slid over images (N, H, W, C): one for each place of results (N, P, Q, C′). */
record Windows(Shape images, Shape results, int height, int width, int stride, int padding) {
    /**
     * Receives which place of its window a pixel is, row by row, and flat indices: of the first channel of the pixel and of
     * the window's result.
     */
    interface Places {
        void at(int place, int image, int result);
    }

    /** Visits every place of every window that is not in the padding, one window after the other. */
    void forEach(Places places) {
        for (int n = 0; n < results.dim(0); n++) {
            for (int p = 0; p < results.dim(1); p++) {
                for (int q = 0; q < results.dim(2); q++) {
                    window(places, n, p, q);
                }
            }
        }
    }

    private void window(Places places, int n, int p, int q) {
        int result = ((n * results.dim(1) + p) * results.dim(2) + q) * results.dim(3);
        for (int r = 0; r < height; r++) {
            int h = p * stride + r - padding;
            for (int s = 0; s < width; s++) {
                int v = q * stride + s - padding;
                if (h >= 0 && h < images.dim(1) && v >= 0 && v < images.dim(2)) {
                    int image = ((n * images.dim(1) + h) * images.dim(2) + v) * images.dim(3);
                    places.at(r * width + s, image, result);
                }
            }
        }
    }

    /**
     * Returns how many windows there are along an axis.
     *
     * @throws ShapeException if there is none, or stride or padding are impossible
     */
    static int count(Op op, List<TensorType> inputs, int image, int window, int stride, int padding) {
        if (stride < 1 || padding < 0) {
            throw new ShapeException(op, inputs, "its stride must be at least 1 and its padding at least 0");
        }
        int count = Math.floorDiv(image + 2 * padding - window, stride) + 1;
        if (count < 1) {
            throw new ShapeException(
                    op,
                    inputs,
                    "a window of " + window + " does not fit an image of " + image + " with padding " + padding);
        }
        return count;
    }
}
