package io.eider.engine.graph;

import java.util.List;

/**
 * A rule of computation: an immutable record whose components are its static attributes. Everything that is known of
 * an op stands in its one file; there is no registry. Implementations are either
 * {@link io.eider.engine.op.Primitive}s or {@link io.eider.engine.op.FusedOp}s.
 */
public interface Op {
    /**
     * Returns the types of the outputs.
     *
     * @param inputs types of the inputs
     * @throws ShapeException if the op cannot take these inputs
     */
    List<TensorType> infer(List<TensorType> inputs);

    /**
     * Reverse-mode rule, written in ops: maps cotangents of the outputs to cotangents of the inputs.
     *
     * @param node the application to differentiate; gives inputs and outputs
     * @param cotangents one entry an output, of that output's shape; {@code null} where it is zero (not all are)
     * @return one entry an input, of that input's shape; {@code null} where the output does not depend on it
     */
    Tensor[] vjp(Node node, Tensor[] cotangents);

    /**
     * Forward-mode rule, written in ops: maps tangents of the inputs to tangents of the outputs.
     *
     * @param node the application to differentiate; gives inputs and outputs
     * @param tangents one entry an input, of that input's shape; {@code null} where it is zero (not all are)
     * @return one entry an output, of that output's shape; {@code null} where it is zero
     */
    Tensor[] jvp(Node node, Tensor[] tangents);

    /** Returns the arithmetic work of one application: multiplications and additions counted separately. */
    default long flops(Node node) {
        return node.type(0).shape().size();
    }

    /** Returns the name used in messages and tables. */
    default String name() {
        String simple = getClass().getSimpleName();
        return Character.toLowerCase(simple.charAt(0)) + simple.substring(1);
    }

    /** Applies this op and returns its first output. */
    default Tensor apply(Tensor... inputs) {
        return new Node(this, List.of(inputs)).output(0);
    }
}
