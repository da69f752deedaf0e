package io.eider.example;

import static io.eider.engine.op.primitive.Exp.exp;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.UnaryElementwise;

/** Elementwise y = ln(1 + eˣ), computed as max(x, 0) + ln(1 + e^−|x|), which neither overflows nor loses small y. */
public record Softplus() implements UnaryElementwise {
    /** Returns ln(1 + eˣ). */
    public static Tensor softplus(Tensor x) {
        return new Softplus().apply(x);
    }

    @Override
    public double of(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[] {cotangents[0].times(slope(node))};
    }

    @Override
    public Tensor[] jvp(Node node, Tensor[] tangents) {
        return new Tensor[] {tangents[0].times(slope(node))};
    }

    /** The logistic function 1/(1 + e⁻ˣ) = e^(x − y), whose exponent is never positive. */
    private static Tensor slope(Node node) {
        return exp(node.input(0).minus(node.output(0)));
    }
}
