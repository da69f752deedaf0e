package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Bilinear;
import java.util.List;

/**
 * Matrix product C = op(A) · op(B), where op transposes or not: op(A) is (m, k), op(B) is (k, n), C is (m, n). Bilinear.
 *
 * @param transposeA whether A is stored as (k, m)
 * @param transposeB whether B is stored as (n, k)
 */
public record Matmul(boolean transposeA, boolean transposeB) implements Bilinear {
    /** Returns A · B of an (m, k) and a (k, n) matrix. */
    public static Tensor matmul(Tensor a, Tensor b) {
        return new Matmul(false, false).apply(a, b);
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (inputs.size() != 2
                || inputs.get(0).shape().rank() != 2
                || inputs.get(1).shape().rank() != 2
                || inputs.get(0).dtype() != inputs.get(1).dtype()
                || !inputs.get(0).dtype().isFloating()) {
            throw new ShapeException(this, inputs, "it takes two floating matrices of one element type");
        }
        if (inner(inputs.get(0)) != inputs.get(1).shape().dim(transposeB ? 1 : 0)) {
            throw new ShapeException(this, inputs, "inner extents differ; transpose one of them");
        }
        return List.of(new TensorType(
                inputs.get(0).dtype(),
                Shape.of(
                        inputs.get(0).shape().dim(transposeA ? 1 : 0),
                        inputs.get(1).shape().dim(transposeB ? 0 : 1))));
    }

    @Override
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        int m = node.type(0).shape().dim(0);
        int n = node.type(0).shape().dim(1);
        int k = inner(node.input(0).type());
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int l = 0; l < k; l++) {
                    sum += inputs[0][transposeA ? l * m + i : i * k + l]
                            * inputs[1][transposeB ? j * k + l : l * n + j];
                }
                outputs[0][i * n + j] = sum;
            }
        }
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        Tensor g = cotangents[0];
        Tensor a = node.input(0);
        Tensor b = node.input(1);
        return new Tensor[] {
            transposeA ? new Matmul(transposeB, true).apply(b, g) : new Matmul(false, !transposeB).apply(g, b),
            transposeB ? new Matmul(true, transposeA).apply(g, a) : new Matmul(!transposeA, false).apply(a, g)
        };
    }

    @Override
    public long flops(Node node) {
        return 2 * node.type(0).shape().size() * inner(node.input(0).type());
    }

    private int inner(TensorType a) {
        return a.shape().dim(transposeA ? 0 : 1);
    }
}
