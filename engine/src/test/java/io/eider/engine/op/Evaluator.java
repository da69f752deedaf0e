package io.eider.engine.op;

import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Computes tensors in 64 bits by walking the graph: each primitive by its definition, each fused op by its
 * decomposition; results of type bf16 are rounded. Shares nothing with the compiler and the backends, so that it can judge them.
 */
public final class Evaluator {
    private final Map<Tensor, double[]> values;

    /** Creates an evaluator that knows the numbers of some tensors: inputs, variables, or anything in between. */
    public Evaluator(Map<Tensor, double[]> known) {
        values = new HashMap<>(known);
    }

    /** Returns the numbers of a tensor; not to be changed. */
    public double[] value(Tensor tensor) {
        if (!values.containsKey(tensor)) {
            compute(tensor.node());
        }
        return values.get(tensor);
    }

    /** Returns the numbers of a tensor, or zeros where a derivative rule gave none. */
    public double[] valueOrZeros(Tensor tensor, TensorType type) {
        return tensor == null ? new double[(int) type.shape().size()] : value(tensor);
    }

    private void compute(Node node) {
        double[][] inputs = new double[node.inputs().size()][];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = value(node.input(i));
        }
        double[][] outputs = new double[node.types().size()][];
        if (node.op() instanceof FusedOp fused) {
            Tensor[] parts = fused.decompose(node.inputs().toArray(Tensor[]::new));
            for (int i = 0; i < outputs.length; i++) {
                outputs[i] = value(parts[i]);
            }
        } else {
            for (int i = 0; i < outputs.length; i++) {
                outputs[i] = new double[(int) node.type(i).shape().size()];
            }
            define((Primitive) node.op(), node, inputs, outputs);
        }
        for (int i = 0; i < outputs.length; i++) {
            DType dtype = node.type(i).dtype();
            values.put(
                    node.output(i), Arrays.stream(outputs[i]).map(dtype::stored).toArray());
        }
    }

    private static void define(Primitive op, Node node, double[][] inputs, double[][] outputs) {
        double[][] before = Arrays.stream(inputs).map(double[]::clone).toArray(double[][]::new);
        op.reference(node, inputs, outputs);
        if (!Arrays.deepEquals(before, inputs)) {
            throw new AssertionError(op + " changed its inputs");
        }
    }
}
