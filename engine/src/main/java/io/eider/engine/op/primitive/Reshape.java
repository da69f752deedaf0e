package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Linear;
import java.util.List;

/**
 * The same elements in the same row-major order under another shape. Linear; moves nothing.
 *
 * @param shape the new extents, of the same size
 */
public record Reshape(Shape shape) implements Linear {
    /** Returns x under another shape of the same size. */
    public static Tensor reshape(Tensor x, Shape shape) {
        return x.shape().equals(shape) ? x : new Reshape(shape).apply(x);
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (inputs.size() != 1 || inputs.get(0).shape().size() != shape.size()) {
            throw new ShapeException(this, inputs, "it takes one tensor of " + shape.size() + " elements");
        }
        return List.of(inputs.get(0).withShape(shape));
    }

    @Override
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        System.arraycopy(inputs[0], 0, outputs[0], 0, outputs[0].length);
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[] {reshape(cotangents[0], node.input(0).shape())};
    }

    @Override
    public long flops(Node node) {
        return 0;
    }
}
