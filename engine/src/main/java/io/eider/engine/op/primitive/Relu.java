package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.UnaryElementwise;

/** Elementwise y = max(x, 0). The slope taken at the kink is 0. */
public record Relu() implements UnaryElementwise {
    /** Returns max(x, 0). */
    public static Tensor relu(Tensor x) {
        return new Relu().apply(x);
    }

    @Override
    public double of(double x) {
        return Math.max(x, 0);
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[] {cotangents[0].times(Positive.positive(node.input(0)))};
    }

    @Override
    public Tensor[] jvp(Node node, Tensor[] tangents) {
        return new Tensor[] {tangents[0].times(Positive.positive(node.input(0)))};
    }
}
