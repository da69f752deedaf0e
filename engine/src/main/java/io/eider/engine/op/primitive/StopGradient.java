package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.UnaryElementwise;

/** Elementwise identity whose derivative is zero by definition; removed when a program is compiled. */
public record StopGradient() implements UnaryElementwise {
    /** Returns x, taken as a constant. */
    public static Tensor stopGradient(Tensor x) {
        return new StopGradient().apply(x);
    }

    @Override
    public double of(double x) {
        return x;
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
