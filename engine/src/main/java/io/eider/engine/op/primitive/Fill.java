package io.eider.engine.op.primitive;

import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Leaf;
import java.util.Arrays;
import java.util.List;

/**
 * A leaf: one constant, repeated. Not of type u8, of which nothing is computed.
 *
 * @param value the constant
 * @param type element type and shape
 */
public record Fill(double value, TensorType type) implements Leaf {
    /** Returns a tensor that holds {@code value} everywhere. */
    public static Tensor fill(double value, TensorType type) {
        return new Fill(value, type).apply();
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (type.dtype() == DType.U8) {
            throw new ShapeException(this, inputs, "there are no constants of bytes");
        }
        return Leaf.super.infer(inputs);
    }

    @Override
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        Arrays.fill(outputs[0], value);
    }
}
