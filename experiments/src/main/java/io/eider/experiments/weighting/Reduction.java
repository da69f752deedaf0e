package io.eider.experiments.weighting;

import io.eider.engine.graph.Tensor;
import io.eider.engine.op.primitive.Sum;

/** How the weighted losses of a batch become one number. */
public enum Reduction {
    /** (1/n) Σ w_i l_i. */
    MEAN,
    /** Σ w_i l_i. */
    SUM,
    /** Σ w_i l_i / Σ w_i; not a number if all weights are 0. PyTorch's class-weighted loss. */
    WEIGHTED_MEAN;

    /**
     * Returns the scalar that losses reduce to.
     *
     * @param weights w_i (n)
     * @param losses l_i (n)
     */
    public Tensor reduce(Tensor weights, Tensor losses) {
        Tensor sum = Sum.sum(weights.times(losses));
        return switch (this) {
            case SUM -> sum;
            case MEAN -> sum.times(1.0 / losses.shape().dim(0));
            case WEIGHTED_MEAN -> sum.dividedBy(Sum.sum(weights));
        };
    }

    /** Returns (1/n) Σ l_i. */
    public static Tensor mean(Tensor losses) {
        return Sum.sum(losses).times(1.0 / losses.shape().dim(0));
    }
}
