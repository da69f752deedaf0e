package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Linear;
import io.eider.engine.op.Primitive;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sums over axes, which vanish from the shape. The sum over an axis of extent 0 is 0. Sums of bf16 are f32. Linear.
 *
 * @param axes axes of the input, ascending
 */
public record Sum(List<Integer> axes) implements Linear {
    /** Creates the op. */
    public Sum {
        axes = List.copyOf(axes);
    }

    /** Returns the sum over the given axes; x itself where none is given. */
    public static Tensor sum(Tensor x, int... axes) {
        return axes.length == 0
                ? x
                : new Sum(Arrays.stream(axes).boxed().sorted().toList()).apply(x);
    }

    /** Returns the sum of all elements. */
    public static Tensor sum(Tensor x) {
        return sum(x, IntStream.range(0, x.shape().rank()).toArray());
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        TensorType reduced = reduced(this, inputs, axes);
        return List.of(reduced.withDType(reduced.dtype().ofSums()));
    }

    @Override
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        int[] target = targets(node.input(0).shape(), axes);
        for (int i = 0; i < inputs[0].length; i++) {
            outputs[0][target[i]] += inputs[0][i];
        }
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        Tensor x = node.input(0);
        return new Tensor[] {repeat(Cast.cast(cotangents[0], x.dtype()), x.shape(), axes)};
    }

    @Override
    public long flops(Node node) {
        return node.input(0).shape().size();
    }

    /** Returns a reduced tensor, repeated along the axes that were reduced. */
    static Tensor repeat(Tensor reduced, Shape shape, List<Integer> axes) {
        int[] dims = shape.dims();
        axes.forEach(axis -> dims[axis] = 1);
        return Broadcast.broadcast(Reshape.reshape(reduced, Shape.of(dims)), shape);
    }

    /** Returns the input's type without the axes. */
    static TensorType reduced(Primitive op, List<TensorType> inputs, List<Integer> axes) {
        if (inputs.size() != 1 || !inputs.get(0).dtype().isFloating()) {
            throw new ShapeException(op, inputs, "it takes one floating tensor");
        }
        Shape shape = inputs.get(0).shape();
        if (axes.stream().distinct().count() != axes.size()
                || axes.stream().anyMatch(axis -> axis < 0 || axis >= shape.rank())) {
            throw new ShapeException(op, inputs, "axes must be distinct and in 0…" + (shape.rank() - 1));
        }
        return inputs.get(0)
                .withShape(Shape.of(IntStream.range(0, shape.rank())
                        .filter(axis -> !axes.contains(axis))
                        .map(shape::dim)
                        .toArray()));
    }

    /** Returns for each element of the input the index of the output it is reduced into. */
    static int[] targets(Shape shape, List<Integer> axes) {
        long[] strides = new long[shape.rank()];
        long stride = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            if (!axes.contains(axis)) {
                strides[axis] = stride;
                stride *= shape.dim(axis);
            }
        }
        return Strided.indices(shape.dims(), strides, 0);
    }
}
