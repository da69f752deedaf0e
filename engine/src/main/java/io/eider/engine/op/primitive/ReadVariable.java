package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.graph.Variable;
import io.eider.engine.op.Primitive;
import java.util.List;

/**
 * A leaf: the value of a variable at the start of the step.
 *
 * @param variable what is read
 */
public record ReadVariable(Variable variable) implements Primitive {
    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (!inputs.isEmpty()) {
            throw new ShapeException(this, inputs, "it takes no inputs");
        }
        return List.of(variable.type());
    }

    @Override
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        throw new IllegalStateException(this + " is kept by the device, not computed");
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
