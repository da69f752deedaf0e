package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.UnaryElementwise;

/** Elementwise indicator y = [x &gt; 0] as 1 or 0. Piecewise constant: its derivative is zero. */
public record Positive() implements UnaryElementwise {
    /** Returns [x &gt; 0]. */
    public static Tensor positive(Tensor x) {
        return new Positive().apply(x);
    }

    @Override
    public double of(double x) {
        return x > 0 ? 1 : 0;
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[1];
    }

    @Override
    public Tensor[] jvp(Node node, Tensor[] tangents) {
        return new Tensor[1];
    }
}
