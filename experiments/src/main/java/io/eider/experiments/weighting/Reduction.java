package io.eider.experiments.weighting;

import io.eider.engine.graph.Tensor;
import io.eider.engine.op.primitive.Sum;

/** How the losses of a batch become one number. */
public enum Reduction {
    /** (1/n) Σ l_i. */
    MEAN,
    /** Σ l_i. */
    SUM;

    /** Returns the scalar that per-example losses (n) reduce to. */
    public Tensor reduce(Tensor losses) {
        Tensor sum = Sum.sum(losses);
        return this == SUM ? sum : sum.times(factor(losses.shape().dim(0)));
    }

    /** Returns the factor c in c · Σ l_i over n examples. */
    public double factor(int n) {
        return this == SUM ? 1 : 1.0 / n;
    }
}
