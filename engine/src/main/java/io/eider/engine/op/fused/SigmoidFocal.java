package io.eider.engine.op.fused;

import static io.eider.engine.op.primitive.Exp.exp;
import static io.eider.engine.op.primitive.Sum.sum;

import io.eider.engine.graph.Tensor;

/**
 * Focal loss of one sigmoid a class, one against all, summed over the classes: with v_j = z_j for the label and −z_j for
 * any other class, q = σ(v) the probability of what is right and a = 1 − q, l = Σ_j a_j^γ (−ln q_j). γ = 0 is binary
 * cross-entropy. Cui et al. 2019.
 *
 * <p>∂l/∂v = −a^γ (γ q (−ln q) + a). Both logarithms are softplus: −ln q = ln(1 + e⁻ᵛ), −ln a = ln(1 + eᵛ), so any finite
 * logits give finite numbers.
 *
 * @param gamma γ, at least 0
 */
public record SigmoidFocal(double gamma) implements LossFunction {
    /** Checks γ. */
    public SigmoidFocal {
        if (!(gamma >= 0 && gamma < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("focal loss needs a gamma of at least 0, got " + gamma);
        }
    }

    /** Returns the sigmoid focal loss of each example: (n, C) logits and (n) labels to (n) losses. */
    public static Tensor sigmoidFocal(double gamma, Tensor logits, Tensor labels) {
        return new ExampleLoss(new SigmoidFocal(gamma)).apply(logits, labels);
    }

    @Override
    public String name() {
        return "sigmoidFocal";
    }

    @Override
    public Tensor decompose(Tensor[] inputs) {
        Tensor v = inputs[0].times(signs(inputs));
        Tensor modulator = exp(Logits.softplus(v).times(-gamma));
        return sum(modulator.times(Logits.softplus(v.negate())), 1);
    }

    @Override
    public Tensor slopes(Tensor[] inputs) {
        Tensor signs = signs(inputs);
        Tensor v = inputs[0].times(signs);
        Tensor minusLogA = Logits.softplus(v);
        Tensor minusLogQ = Logits.softplus(v.negate());
        Tensor modulator = exp(minusLogA.times(-gamma));
        Tensor q = exp(minusLogQ.negate());
        Tensor a = exp(minusLogA.negate());
        return modulator.times(q.times(minusLogQ).times(gamma).plus(a)).times(signs.negate());
    }

    /** 1 at the label, −1 at the other classes (n, C). */
    private static Tensor signs(Tensor[] inputs) {
        return Logits.oneHot(inputs[0], inputs[1]).times(2).plus(-1);
    }
}
