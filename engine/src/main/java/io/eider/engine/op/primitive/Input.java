package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Primitive;
import java.util.List;

/**
 * A leaf whose numbers the caller sets before each run. Two inputs are never the same value, whatever their names.
 *
 * @param label name used in messages
 * @param type element type and shape
 */
public record Input(String label, TensorType type) implements Primitive {
    /** Returns a new input. */
    public static Tensor input(String label, TensorType type) {
        return new Input(label, type).apply();
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
        throw new IllegalStateException(this + " is set by the caller, not computed");
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
