package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Leaf;

/**
 * A leaf whose numbers the caller sets before each run. Two inputs are never the same value, whatever their names.
 *
 * @param label name used in messages
 * @param type element type and shape
 */
public record Input(String label, TensorType type) implements Leaf {
    /** Returns a new input. */
    public static Tensor input(String label, TensorType type) {
        return new Input(label, type).apply();
    }

    @Override
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        throw new IllegalStateException(this + " is set by the caller, not computed");
    }
}
