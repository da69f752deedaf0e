package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.UnaryElementwise;

/** Elementwise y = √x; NaN below 0; the derivative at 0 is infinite. */
public record Sqrt() implements UnaryElementwise {
    /** Returns √x. */
    public static Tensor sqrt(Tensor x) {
        return new Sqrt().apply(x);
    }

    @Override
    public double of(double x) {
        return Math.sqrt(x);
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[] {cotangents[0].dividedBy(node.output(0)).times(0.5)};
    }

    @Override
    public Tensor[] jvp(Node node, Tensor[] tangents) {
        return new Tensor[] {tangents[0].dividedBy(node.output(0)).times(0.5)};
    }
}
