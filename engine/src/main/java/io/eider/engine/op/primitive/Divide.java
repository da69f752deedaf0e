package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.BinaryElementwise;

/** Elementwise y = a / b of two tensors of one type; IEEE results where b is 0. */
public record Divide() implements BinaryElementwise {
    @Override
    public double of(double a, double b) {
        return a / b;
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        Tensor left = cotangents[0].dividedBy(node.input(1));
        return new Tensor[] {left, left.times(node.output(0)).negate()};
    }

    @Override
    public Tensor[] jvp(Node node, Tensor[] tangents) {
        Tensor left = tangents[0] == null ? null : tangents[0].dividedBy(node.input(1));
        Tensor right = tangents[1] == null
                ? null
                : tangents[1].times(node.output(0)).dividedBy(node.input(1)).negate();
        return new Tensor[] {left == null ? right : right == null ? left : left.plus(right)};
    }
}
