package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.UnaryElementwise;

/** Elementwise natural logarithm y = ln x; −∞ at 0, NaN below. */
public record Log() implements UnaryElementwise {
    /** Returns ln x. */
    public static Tensor log(Tensor x) {
        return new Log().apply(x);
    }

    @Override
    public double of(double x) {
        return Math.log(x);
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[] {cotangents[0].dividedBy(node.input(0))};
    }

    @Override
    public Tensor[] jvp(Node node, Tensor[] tangents) {
        return new Tensor[] {tangents[0].dividedBy(node.input(0))};
    }
}
