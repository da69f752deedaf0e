package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.BinaryElementwise;

/** Elementwise y = a − b of two tensors of one type. Linear. */
public record Subtract() implements BinaryElementwise {
    @Override
    public double of(double a, double b) {
        return a - b;
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[] {cotangents[0], cotangents[0].negate()};
    }

    @Override
    public Tensor[] jvp(Node node, Tensor[] tangents) {
        return new Tensor[] {
            tangents[0] == null
                    ? tangents[1].negate()
                    : tangents[1] == null ? tangents[0] : tangents[0].minus(tangents[1])
        };
    }
}
