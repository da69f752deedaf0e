package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.BinaryElementwise;

/** Elementwise indicator y = [a = b] as 1 or 0. Piecewise constant: its derivative is zero. */
public record Equal() implements BinaryElementwise {
    /** Returns [a = b]. */
    public static Tensor equal(Tensor a, Tensor b) {
        return new Equal().apply(a, b);
    }

    @Override
    public double of(double a, double b) {
        return a == b ? 1 : 0;
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[2];
    }

    @Override
    public Tensor[] jvp(Node node, Tensor[] tangents) {
        return new Tensor[1];
    }
}
