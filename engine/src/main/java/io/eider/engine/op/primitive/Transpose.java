package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Linear;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Reorders axes: y[i_0, …] has along axis k what x has along axis order[k]. Linear.
 *
 * @param order which axis of the input each axis of the result is
 */
public record Transpose(List<Integer> order) implements Linear {
    /** Creates the op. */
    public Transpose {
        order = List.copyOf(order);
    }

    /** Returns x with its axes reordered. */
    public static Tensor transpose(Tensor x, int... order) {
        return new Transpose(Arrays.stream(order).boxed().toList()).apply(x);
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (inputs.size() != 1
                || !order.stream()
                        .sorted()
                        .toList()
                        .equals(axes(inputs.get(0).shape().rank()))) {
            throw new ShapeException(this, inputs, "the order must name each axis of the input once");
        }
        Shape shape = inputs.get(0).shape();
        return List.of(inputs.get(0)
                .withShape(Shape.of(order.stream().mapToInt(shape::dim).toArray())));
    }

    @Override
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        long[] strides = node.input(0).shape().strides();
        long[] reordered = order.stream().mapToLong(axis -> strides[axis]).toArray();
        int[] from = Strided.indices(node.type(0).shape().dims(), reordered, 0);
        for (int i = 0; i < from.length; i++) {
            outputs[0][i] = inputs[0][from[i]];
        }
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[] {new Transpose(inverse()).apply(cotangents[0])};
    }

    @Override
    public long flops(Node node) {
        return 0;
    }

    private List<Integer> inverse() {
        return axes(order.size()).stream().map(order::indexOf).toList();
    }

    private static List<Integer> axes(int rank) {
        return IntStream.range(0, rank).boxed().toList();
    }
}
