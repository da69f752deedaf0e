package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Linear;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Repeats a tensor: axes are aligned at the end; missing axes and axes of extent 1 are repeated. Linear.
 *
 * @param shape the extents of the result
 */
public record Broadcast(Shape shape) implements Linear {
    /** Returns x repeated to a shape; x itself where it has that shape. */
    public static Tensor broadcast(Tensor x, Shape shape) {
        return x.shape().equals(shape) ? x : new Broadcast(shape).apply(x);
    }

    /**
     * Returns the shape that two tensors repeat to.
     *
     * @throws ShapeException if an axis, aligned at the end, has two extents of which neither is 1
     */
    public static Shape common(Tensor a, Tensor b) {
        int rank = Math.max(a.shape().rank(), b.shape().rank());
        int[] dims = new int[rank];
        for (int back = 1; back <= rank; back++) {
            int left = back <= a.shape().rank() ? a.shape().dim(-back) : 1;
            int right = back <= b.shape().rank() ? b.shape().dim(-back) : 1;
            if (left != right && left != 1 && right != 1) {
                throw new ShapeException(
                        new Broadcast(a.shape()),
                        List.of(a.type(), b.type()),
                        "axis −" + back + " is " + left + " and " + right + "; one must be 1 or both equal");
            }
            dims[rank - back] = left == 1 ? right : left;
        }
        return Shape.of(dims);
    }

    /** Returns the element strides, one an axis of the result, with which the input is read; 0 where it repeats. */
    public long[] sourceStrides(Shape input) {
        long[] own = input.strides();
        long[] strides = new long[shape.rank()];
        for (int back = 1; back <= input.rank(); back++) {
            strides[shape.rank() - back] = input.dim(-back) == 1 ? 0 : own[input.rank() - back];
        }
        return strides;
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (inputs.size() != 1 || !fits(inputs.get(0).shape(), shape)) {
            throw new ShapeException(
                    this,
                    inputs,
                    "each axis, aligned at the end, must be 1 or equal that of " + shape + "; reshape first");
        }
        return List.of(inputs.get(0).withShape(shape));
    }

    @Override
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        int[] from = Strided.indices(shape.dims(), sourceStrides(node.input(0).shape()), 0);
        for (int i = 0; i < from.length; i++) {
            outputs[0][i] = inputs[0][from[i]];
        }
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        Tensor x = node.input(0);
        return new Tensor[] {Cast.cast(unbroadcast(cotangents[0], x.shape()), x.dtype())};
    }

    @Override
    public long flops(Node node) {
        return 0;
    }

    /** The adjoint: sums over the repeated axes. */
    private static Tensor unbroadcast(Tensor cotangent, Shape shape) {
        int added = cotangent.shape().rank() - shape.rank();
        int[] axes = IntStream.range(0, cotangent.shape().rank())
                .filter(axis -> axis < added
                        || (shape.dim(axis - added) == 1 && cotangent.shape().dim(axis) != 1))
                .toArray();
        return Reshape.reshape(Sum.sum(cotangent, axes), shape);
    }

    private static boolean fits(Shape from, Shape to) {
        if (from.rank() > to.rank()) {
            return false;
        }
        for (int back = 1; back <= from.rank(); back++) {
            if (from.dim(-back) != 1 && from.dim(-back) != to.dim(-back)) {
                return false;
            }
        }
        return true;
    }
}
