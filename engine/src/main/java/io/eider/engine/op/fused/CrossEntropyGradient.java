package io.eider.engine.op.fused;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.FusedOp;
import io.eider.engine.op.primitive.Place;
import java.util.List;

/**
 * Cotangent of {@link CrossEntropy}'s logits: gz_i = g_i (softmax(z_i) − onehot(y_i)).
 *
 * <p>Inputs: logits z (n, C), labels i32 (n), cotangents g (n). Output: gz (n, C).
 */
public record CrossEntropyGradient() implements FusedOp {
    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (inputs.size() != 3
                || !inputs.get(2).equals(inputs.get(0).withShape(inputs.get(1).shape()))) {
            throw new ShapeException(this, inputs, "it takes logits (n, C), i32 labels (n) and cotangents (n)");
        }
        CrossEntropy.checkLogits(this, inputs);
        return inputs.subList(0, 1);
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        int classes = inputs[0].shape().dim(1);
        return new Tensor[] {
            CrossEntropy.softmax(inputs[0])
                    .times(CrossEntropy.column(inputs[2]))
                    .minus(Place.place(inputs[2], inputs[1], classes))
        };
    }

    @Override
    public long flops(Node node) {
        return 5 * node.input(0).shape().size();
    }
}
