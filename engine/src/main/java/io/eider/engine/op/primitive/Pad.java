package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Linear;
import java.util.List;

/**
 * Embeds in zeros: y[start + step · i] = x[i], axis by axis, and 0 elsewhere. Linear; its adjoint is {@link Slice}.
 *
 * @param start first index written along each axis
 * @param step distance between indices along each axis, at least 1
 * @param shape extents of the result
 */
public record Pad(List<Integer> start, List<Integer> step, Shape shape) implements Linear {
    /** Creates the op. */
    public Pad {
        start = List.copyOf(start);
        step = List.copyOf(step);
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (inputs.size() != 1 || !Slice.fits(inputs.get(0).shape(), shape, start, step)) {
            throw new ShapeException(
                    this, inputs, "start + step · (extent − 1) must lie inside the result on every axis");
        }
        return List.of(inputs.get(0).withShape(shape));
    }

    @Override
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        int[] places = Slice.places(node.input(0).shape(), shape, start, step);
        for (int i = 0; i < places.length; i++) {
            outputs[0][places[i]] = inputs[0][i];
        }
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[] {new Slice(start, step, node.input(0).shape()).apply(cotangents[0])};
    }

    @Override
    public long flops(Node node) {
        return 0;
    }
}
