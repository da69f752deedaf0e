package io.eider.engine.op.fused;

import static io.eider.engine.op.primitive.Exp.exp;
import static io.eider.engine.op.primitive.Log.log;
import static io.eider.engine.op.primitive.Max.max;
import static io.eider.engine.op.primitive.Pick.pick;
import static io.eider.engine.op.primitive.StopGradient.stopGradient;
import static io.eider.engine.op.primitive.Sum.sum;

import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.FusedOp;
import io.eider.engine.op.primitive.Reshape;
import java.util.List;

/**
 * Softmax cross-entropy of each example: l_i = logsumexp(z_i) − z_i[y_i], in nats, not reduced.
 *
 * <p>Inputs: logits z (n, C), labels y i32 (n) in 0…C−1. Output: losses (n). Shifted by the largest logit, so that any
 * finite logits give a finite loss. A label outside the classes stops the run with the example named.
 */
public record CrossEntropy() implements FusedOp {
    /** Returns the cross-entropy of each example: (n, C) logits and (n) labels to (n) losses. */
    public static Tensor crossEntropy(Tensor logits, Tensor labels) {
        return new CrossEntropy().apply(logits, labels);
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (inputs.size() != 2) {
            throw new ShapeException(this, inputs, "it takes logits (n, C) and i32 labels (n)");
        }
        checkLogits(this, inputs);
        return List.of(inputs.get(0).withShape(inputs.get(1).shape()));
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor shifted = shifted(inputs[0]);
        return new Tensor[] {log(sum(exp(shifted), 1)).minus(pick(shifted, inputs[1]))};
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[] {new CrossEntropyGradient().apply(node.input(0), node.input(1), cotangents[0]), null};
    }

    @Override
    public Tensor[] jvp(Node node, Tensor[] tangents) {
        return new Tensor[] {new CrossEntropyTangent().apply(node.input(0), node.input(1), tangents[0])};
    }

    @Override
    public long flops(Node node) {
        return 4 * node.input(0).shape().size();
    }

    /** Returns softmax(z) of a matrix (n, C), row by row. */
    static Tensor softmax(Tensor logits) {
        Tensor exponentials = exp(shifted(logits));
        return exponentials.dividedBy(column(sum(exponentials, 1)));
    }

    /** Returns a vector (n) as a matrix (n, 1). */
    static Tensor column(Tensor vector) {
        return Reshape.reshape(vector, Shape.of(vector.shape().dim(0), 1));
    }

    static void checkLogits(Op op, List<TensorType> inputs) {
        TensorType logits = inputs.get(0);
        TensorType labels = inputs.get(1);
        if (logits.shape().rank() != 2
                || !logits.dtype().isFloating()
                || labels.dtype() != DType.I32
                || !labels.shape().equals(Shape.of(logits.shape().dim(0)))) {
            throw new ShapeException(op, inputs, "it takes floating logits (n, C) and i32 labels (n)");
        }
    }

    private static Tensor shifted(Tensor logits) {
        return logits.minus(column(stopGradient(max(logits, 1))));
    }
}
