package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Linear;
import java.util.List;

/**
 * Takes a regular part: y[i] = x[start + step · i], axis by axis. Linear; its adjoint is {@link Pad}.
 *
 * @param start first index taken along each axis
 * @param step distance between indices along each axis, at least 1
 * @param shape extents of the result
 */
public record Slice(List<Integer> start, List<Integer> step, Shape shape) implements Linear {
    /** Creates the op. */
    public Slice {
        start = List.copyOf(start);
        step = List.copyOf(step);
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (inputs.size() != 1 || !fits(shape, inputs.get(0).shape(), start, step)) {
            throw new ShapeException(
                    this, inputs, "start + step · (extent − 1) must lie inside the input on every axis");
        }
        return List.of(inputs.get(0).withShape(shape));
    }

    @Override
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        int[] places = places(shape, node.input(0).shape(), start, step);
        for (int i = 0; i < places.length; i++) {
            outputs[0][i] = inputs[0][places[i]];
        }
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[] {new Pad(start, step, node.input(0).shape()).apply(cotangents[0])};
    }

    @Override
    public long flops(Node node) {
        return 0;
    }

    static boolean fits(Shape part, Shape whole, List<Integer> start, List<Integer> step) {
        if (part.rank() != whole.rank() || start.size() != whole.rank() || step.size() != whole.rank()) {
            return false;
        }
        for (int axis = 0; axis < whole.rank(); axis++) {
            int last = start.get(axis) + step.get(axis) * (part.dim(axis) - 1);
            if (start.get(axis) < 0 || step.get(axis) < 1 || (part.dim(axis) > 0 && last >= whole.dim(axis))) {
                return false;
            }
        }
        return true;
    }

    /** Returns for each element of the part its index in the whole. */
    static int[] places(Shape part, Shape whole, List<Integer> start, List<Integer> step) {
        long[] strides = whole.strides();
        long offset = 0;
        for (int axis = 0; axis < part.rank(); axis++) {
            offset += start.get(axis) * strides[axis];
            strides[axis] *= step.get(axis);
        }
        return Strided.indices(part.dims(), strides, offset);
    }
}
