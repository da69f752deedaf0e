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
        int taps = w.dim(1) * w.dim(2);
        new Windows(x, y, w.dim(1), w.dim(2), stride, padding).forEach((tap, image, result) -> {
            for (int o = 0; o < y.dim(3); o++) {
                products.at(image, (o * taps + tap) * w.dim(3), result + o);
            }
        });
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
}
