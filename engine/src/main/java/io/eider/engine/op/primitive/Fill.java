package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Primitive;
import java.util.Arrays;
import java.util.List;

/**
 * A leaf: one constant, repeated.
 *
 * @param value the constant
 * @param type element type and shape
 */
public record Fill(double value, TensorType type) implements Primitive {
    /** Returns a tensor that holds {@code value} everywhere. */
    public static Tensor fill(double value, TensorType type) {
        return new Fill(value, type).apply();
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (!inputs.isEmpty()) {
            throw new ShapeException(this, inputs, "it takes no inputs");
        }
        return List.of(type);
    }

    @Override
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        Arrays.fill(outputs[0], value);
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[0];
    }

    @Override
    public Tensor[] jvp(Node node, Tensor[] tangents) {
        return new Tensor[1];
    }

    @Override
    public long flops(Node node) {
        return 0;
    }
}
