package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Leaf;
import java.util.Arrays;

/**
 * A leaf: one constant, repeated.
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
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        Arrays.fill(outputs[0], value);
    }
}
