package io.eider.engine.op;

import io.eider.engine.autodiff.Autodiff;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Tensor;

/**
 * An op defined by other ops. A backend that has a kernel for it runs the kernel; any other runs the decomposition. A
 * rule that an op does not override differentiates the decomposition.
 */
public interface FusedOp extends Op {
    /**
     * The definition: the same outputs computed by primitives, or by other fused ops.
     *
     * @param inputs the inputs
     * @return one tensor an output
     */
    Tensor[] decompose(Tensor[] inputs);

    @Override
    default Tensor[] vjp(Node node, Tensor[] cotangents) {
        Tensor[] inputs = node.inputs().toArray(Tensor[]::new);
        return Autodiff.vjp(decompose(inputs), cotangents, inputs);
    }

    @Override
    default Tensor[] jvp(Node node, Tensor[] tangents) {
        Tensor[] inputs = node.inputs().toArray(Tensor[]::new);
        return Autodiff.jvp(decompose(inputs), inputs, tangents);
    }
}
