package io.eider.engine.op.fused;

import io.eider.engine.graph.Tensor;

/**
 * Which loss an {@link ExampleLoss} and its relatives compute: a function of one example's logits z_i (C) and its label
 * y_i, in nats. What it means is written here in primitives; what it costs is the kernels' concern.
 */
public sealed interface LossFunction permits CrossEntropy, Focal, SigmoidFocal, Ldam {
    /** Returns the name used in messages and tables. */
    String name();

    /** Returns whether a third input, margins (n), follows the logits and labels. */
    default boolean margins() {
        return false;
    }

    /**
     * Returns the losses l_i (n) in primitives, finite for finite logits of any size.
     *
     * @param inputs logits (n, C), labels i32 (n), and margins (n) if {@link #margins}
     */
    Tensor decompose(Tensor[] inputs);

    /**
     * Returns ∂l_i/∂z_i (n, C) in primitives, finite for finite logits of any size.
     *
     * @param inputs as of {@link #decompose}
     */
    Tensor slopes(Tensor[] inputs);
}
