package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.UnaryElementwise;

/** Elementwise y = eˣ; overflows to infinity. */
public record Exp() implements UnaryElementwise {
    /** Returns eˣ. */
    public static Tensor exp(Tensor x) {
        return new Exp().apply(x);
    }

    @Override
    public double of(double x) {
        return Math.exp(x);
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[] {cotangents[0].times(node.output(0))};
    }

    @Override
    public Tensor[] jvp(Node node, Tensor[] tangents) {
        return new Tensor[] {tangents[0].times(node.output(0))};
    }
}
