package io.eider.engine.op.fused;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.FusedOp;
import java.util.List;

/**
 * Cotangent of {@link ExampleLoss}'s logits: gz_i = g_i ∂l_i/∂z_i.
 *
 * <p>Inputs: logits z (n, C), labels i32 (n), margins (n) if the loss has them, cotangents g (n). Output: gz (n, C).
 *
 * @param loss L
 */
public record ExampleLossGradient(LossFunction loss) implements FusedOp {
    @Override
    public String name() {
        return loss.name() + "Gradient";
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        Logits.check(this, loss, inputs, "n", ", cotangents (n)");
        return inputs.subList(0, 1);
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor cotangents = inputs[inputs.length - 1];
        return new Tensor[] {loss.slopes(Logits.own(loss, inputs)).times(Logits.column(cotangents))};
    }

    @Override
    public long flops(Node node) {
        return 5 * node.input(0).shape().size();
    }
}
