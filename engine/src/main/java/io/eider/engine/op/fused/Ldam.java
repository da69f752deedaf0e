package io.eider.engine.op.fused;

import static io.eider.engine.op.primitive.Place.place;

import io.eider.engine.graph.Tensor;

/**
 * Label-distribution-aware margin loss: the cross-entropy of s (z − m e), where e = onehot(y), z are cosines (see
 * {@link UnitVectors}), and the margin m is that of the label's class, larger for rarer classes. ∂l/∂z =
 * s (softmax(s (z − m e)) − e), ∂l/∂m = −∂l/∂z_y. Cao et al. 2019.
 *
 * @param scale s, positive
 */
public record Ldam(double scale) implements LossFunction {
    /** Checks s. */
    public Ldam {
        if (!(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("LDAM needs a positive scale, got " + scale);
        }
    }

    /**
     * Returns the loss of each example (n).
     *
     * @param scale s
     * @param cosines z (n, C)
     * @param labels i32 (n)
     * @param margins m_{y_i}, the margin of each example's own class (n)
     */
    public static Tensor ldam(double scale, Tensor cosines, Tensor labels, Tensor margins) {
        return new ExampleLoss(new Ldam(scale)).apply(cosines, labels, margins);
    }

    @Override
    public String name() {
        return "ldam";
    }

    @Override
    public boolean margins() {
        return true;
    }

    @Override
    public Tensor decompose(Tensor[] inputs) {
        return new CrossEntropy().decompose(scaled(inputs));
    }

    @Override
    public Tensor slopes(Tensor[] inputs) {
        return new CrossEntropy().slopes(scaled(inputs)).times(scale);
    }

    private Tensor[] scaled(Tensor[] inputs) {
        Tensor margins = place(inputs[2], inputs[1], inputs[0].shape().dim(1));
        return new Tensor[] {inputs[0].minus(margins).times(scale), inputs[1]};
    }
}
