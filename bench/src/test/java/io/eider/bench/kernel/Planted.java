package io.eider.bench.kernel;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.UnaryElementwise;

/** An op y = x whose kernel is wrong. */
public record Planted() implements UnaryElementwise {
    @Override
    public double of(double x) {
        return x;
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return cotangents;
    }

    @Override
    public Tensor[] jvp(Node node, Tensor[] tangents) {
        return tangents;
    }
}
