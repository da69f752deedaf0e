package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.TensorType;
import io.eider.engine.graph.Variable;
import io.eider.engine.op.Leaf;

/**
 * A leaf: the value of a variable at the start of the step.
 *
 * @param variable what is read
 */
public record ReadVariable(Variable variable) implements Leaf {
    @Override
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        throw new IllegalStateException(this + " is kept by the device, not computed");
    }

    @Override
    public TensorType type() {
        return variable.type();
    }
}
