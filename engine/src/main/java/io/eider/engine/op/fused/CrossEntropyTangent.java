package io.eider.engine.op.fused;

import static io.eider.engine.op.primitive.Pick.pick;
import static io.eider.engine.op.primitive.Sum.sum;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.FusedOp;
import java.util.List;

/**
 * Tangent of {@link CrossEntropy}'s losses along a direction of the logits: l˙_i = softmax(z_i)·t_i − t_i[y_i].
 *
 * <p>Inputs: logits z (n, C), labels i32 (n), logit tangents t (n, C). Output: l˙ (n).
 */
public record CrossEntropyTangent() implements FusedOp {
    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (inputs.size() != 3 || !inputs.get(2).equals(inputs.get(0))) {
            throw new ShapeException(this, inputs, "it takes logits (n, C), i32 labels (n) and logit tangents (n, C)");
        }
        CrossEntropy.checkLogits(this, inputs);
        return List.of(inputs.get(0).withShape(inputs.get(1).shape()));
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        return new Tensor[] {
            sum(CrossEntropy.softmax(inputs[0]).times(inputs[2]), 1).minus(pick(inputs[2], inputs[1]))
        };
    }

    @Override
    public long flops(Node node) {
        return 6 * node.input(0).shape().size();
    }
}
