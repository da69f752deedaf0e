package io.eider.engine.graph;

import io.eider.engine.op.primitive.ReadVariable;

/**
 * A named place that outlives a step: a parameter, a momentum, a running statistic. Its numbers live on the device
 * that runs the programs; reads see the values from the start of the step, assignments take effect at its end.
 * Compared by identity.
 */
public final class Variable {
    private final String name;
    private final TensorType type;

    /**
     * Creates a variable; its numbers are zero on every device until written.
     *
     * @throws IllegalArgumentException if it would hold bytes, which are for inputs and places
     */
    public Variable(String name, TensorType type) {
        if (type.dtype() == DType.U8) {
            throw new IllegalArgumentException("variable " + name + " cannot be of type " + type
                    + ": bytes are for inputs and places, not for what outlives a step");
        }
        this.name = name;
        this.type = type;
    }

    /** Returns the name, used in messages and files. */
    public String name() {
        return name;
    }

    /** Returns the type. */
    public TensorType type() {
        return type;
    }

    /** Returns the value at the start of the step. */
    public Tensor read() {
        return new ReadVariable(this).apply();
    }

    @Override
    public String toString() {
        return name + ":" + type;
    }
}
