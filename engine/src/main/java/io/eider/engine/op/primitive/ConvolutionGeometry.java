package io.eider.engine.op.primitive;

import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.TensorType;
import java.util.List;

/** Which elements of images x, filters w and results y a convolution multiplies: shared by it and its two adjoints. */
record ConvolutionGeometry(Shape x, Shape w, Shape y, int stride, int padding) {
    /** Receives flat indices: of I neighbouring elements of images and of filters, and of one element of results. */
    interface Products {
        void at(int x, int w, int y);
    }

    /** Visits every product that is not with padding, the I products of one result and one filter tap at a time. */
    void forEach(Products products) {
        for (int n = 0; n < y.dim(0); n++) {
            for (int p = 0; p < y.dim(1); p++) {
                for (int q = 0; q < y.dim(2); q++) {
                    for (int r = 0; r < w.dim(1); r++) {
                        int h = p * stride + r - padding;
                        for (int s = 0; s < w.dim(2); s++) {
                            int v = q * stride + s - padding;
                            if (h >= 0 && h < x.dim(1) && v >= 0 && v < x.dim(2)) {
                                channels(products, n, p, q, r, s, h, v);
                            }
                        }
                    }
                }
            }
        }
    }

    private void channels(Products products, int n, int p, int q, int r, int s, int h, int v) {
        int inputs = x.dim(3);
        int outputs = y.dim(3);
        int xAt = ((n * x.dim(1) + h) * x.dim(2) + v) * inputs;
        int yAt = ((n * y.dim(1) + p) * y.dim(2) + q) * outputs;
        for (int o = 0; o < outputs; o++) {
            products.at(xAt, ((o * w.dim(1) + r) * w.dim(2) + s) * inputs, yAt + o);
        }
    }

    static void checkRanks(Op op, List<TensorType> inputs) {
        if (inputs.size() != 2
                || inputs.get(0).shape().rank() != 4
                || inputs.get(1).shape().rank() != 4
                || inputs.get(0).dtype() != inputs.get(1).dtype()
                || !inputs.get(0).dtype().isFloating()) {
            throw new ShapeException(op, inputs, "it takes two floating tensors of rank 4 and one element type");
        }
    }

    static int extent(Op op, List<TensorType> inputs, int image, int filter, int stride, int padding) {
        if (stride < 1 || padding < 0) {
            throw new ShapeException(op, inputs, "its stride must be at least 1 and its padding at least 0");
        }
        int extent = Math.floorDiv(image + 2 * padding - filter, stride) + 1;
        if (extent < 1) {
            throw new ShapeException(
                    op,
                    inputs,
                    "a filter of " + filter + " does not fit an image of " + image + " with padding " + padding);
        }
        return extent;
    }
}
