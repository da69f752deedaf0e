package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.Linear;
import io.eider.engine.op.UnaryElementwise;

/** Elementwise y = −x. Linear: its own tangent rule. */
public record Negate() implements UnaryElementwise, Linear {
    /** Returns −x. */
    public static Tensor negate(Tensor x) {
        return new Negate().apply(x);
    }

    @Override
    public double of(double x) {
        return -x;
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[] {cotangents[0].negate()};
    }
}
