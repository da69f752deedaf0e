package io.eider.engine.op.fused;

import static io.eider.engine.op.primitive.Sum.sum;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.FusedOp;
import java.util.List;

/**
 * Tangent of {@link ExampleLoss}'s losses along a direction of the logits: l˙_i = ⟨∂l_i/∂z_i, t_i⟩.
 *
 * <p>Inputs: logits z (n, C), labels i32 (n), margins (n) if the loss has them, logit tangents t (n, C). Output: l˙ (n).
 *
 * @param loss L
 */
public record ExampleLossTangent(LossFunction loss) implements FusedOp {
    @Override
    public String name() {
        return loss.name() + "Tangent";
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        return List.of(Logits.check(this, loss, inputs, "z", ", logit tangents (n, C)"));
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor tangents = inputs[inputs.length - 1];
        return new Tensor[] {sum(loss.slopes(Logits.own(loss, inputs)).times(tangents), 1)};
    }

    @Override
    public long flops(Node node) {
        return 6 * node.input(0).shape().size();
    }
}
