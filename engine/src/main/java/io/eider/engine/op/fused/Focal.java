package io.eider.engine.op.fused;

import static io.eider.engine.op.primitive.Exp.exp;
import static io.eider.engine.op.primitive.Log.log;
import static io.eider.engine.op.primitive.Place.place;
import static io.eider.engine.op.primitive.Relu.relu;
import static io.eider.engine.op.primitive.Sum.sum;

import io.eider.engine.graph.Tensor;
import io.eider.engine.op.primitive.Fill;

/**
 * Focal loss of the softmax: with ℓ the cross-entropy of an example and u = 1 − p_y what its label's probability lacks,
 * l = u^γ ℓ. Weighs down examples that are right already. γ = 0 is cross-entropy. Lin et al. 2017; the form of Cao et al.
 * 2019.
 *
 * <p>∂l/∂z = (u^γ + γ p_y u^(γ−1) ℓ)(p − onehot(y)). u is the sum over the other classes, so that it does not cancel;
 * where it is 0 the loss and its derivatives are 0.
 *
 * @param gamma γ, at least 0
 */
public record Focal(double gamma) implements LossFunction {
    /** u below it counts as it, where it is an argument of a logarithm or a divisor: u^γ stays 0 beside the loss. */
    private static final double SMALLEST = 1e-12;

    /** Checks γ. */
    public Focal {
        if (!(gamma >= 0 && gamma < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("focal loss needs a gamma of at least 0, got " + gamma);
        }
    }

    /** Returns the focal loss of each example: (n, C) logits and (n) labels to (n) losses. */
    public static Tensor focal(double gamma, Tensor logits, Tensor labels) {
        return new ExampleLoss(new Focal(gamma)).apply(logits, labels);
    }

    @Override
    public String name() {
        return "focal";
    }

    @Override
    public Tensor decompose(Tensor[] inputs) {
        return power(new Parts(inputs).lacking).times(new CrossEntropy().decompose(inputs));
    }

    @Override
    public Tensor slopes(Tensor[] inputs) {
        Parts parts = new Parts(inputs);
        Tensor ratio = new CrossEntropy().decompose(inputs).dividedBy(clamped(parts.lacking));
        Tensor label = Fill.fill(1, parts.lacking.type()).minus(parts.lacking);
        // γ p_y u^(γ−1) ℓ as u^γ · γ p_y ℓ/u: ℓ/u is about 1 where u^(γ−1) is not finite.
        Tensor slope =
                power(parts.lacking).times(label.times(ratio).times(gamma).plus(1));
        int classes = inputs[0].shape().dim(1);
        return parts.others.minus(place(parts.lacking, inputs[1], classes)).times(Logits.column(slope));
    }

    private Tensor power(Tensor lacking) {
        return exp(log(clamped(lacking)).times(gamma));
    }

    private static Tensor clamped(Tensor lacking) {
        return relu(lacking.plus(-SMALLEST)).plus(SMALLEST);
    }

    /** The probabilities of the classes that are not the label, 0 at the label (n, C), and their sum u (n). */
    private static final class Parts {
        private final Tensor others;
        private final Tensor lacking;

        private Parts(Tensor[] inputs) {
            Tensor exponentials = exp(Logits.shifted(inputs[0]));
            Tensor oneHot = Logits.oneHot(inputs[0], inputs[1]);
            Tensor masked = exponentials.times(Fill.fill(1, oneHot.type()).minus(oneHot));
            others = masked.dividedBy(Logits.column(sum(exponentials, 1)));
            lacking = sum(others, 1);
        }
    }
}
