package io.eider.models.nn;

import io.eider.engine.graph.Tensor;
import io.eider.engine.op.primitive.Sum;

/** The mean over all pixels: y[n,c] = 1/(H·W) Σ_{h,w} x[n,h,w,c], (N, H, W, C) to (N, C). */
public final class GlobalAveragePool {
    private GlobalAveragePool() {}

    /** Returns the mean over axes 1 and 2 of images (N, H, W, C). */
    public static Tensor pool(Tensor x) {
        return Sum.sum(x, 1, 2)
                .times(1.0 / ((double) x.shape().dim(1) * x.shape().dim(2)));
    }
}
