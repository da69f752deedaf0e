package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.Bilinear;
import io.eider.engine.op.BinaryElementwise;

/** Elementwise y = a · b of two tensors of one type. Linear in each. */
public record Multiply() implements BinaryElementwise, Bilinear {
    @Override
    public double of(double a, double b) {
        return a * b;
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[] {cotangents[0].times(node.input(1)), cotangents[0].times(node.input(0))};
    }
}
