package io.eider.engine.graph;

import java.util.List;

/** Inputs that an op cannot take: the message names the op, every input type, and the likely fix. */
public final class ShapeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param op the op that was applied
     * @param inputs types of all its inputs
     * @param fix what is wrong with them and what the caller probably wants instead
     */
    public ShapeException(Op op, List<TensorType> inputs, String fix) {
        super(op + " cannot take " + inputs + ": " + fix);
    }
}
