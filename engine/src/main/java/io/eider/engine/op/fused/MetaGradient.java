package io.eider.engine.op.fused;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.FusedOp;
import java.util.Arrays;
import java.util.List;

/**
 * The end of the method's stage 2 in one op: the losses' tangent j along the development gradient, the conditional weight
 * it gives, and the gradient of the mean of the losses weighted with it. l˙_i = ⟨∂l_i/∂z_i, t_i⟩, w′_i = w_i + step·l˙_i,
 * gz_i = w′_i/n · ∂l_i/∂z_i, where step = τ η c (Jamal et al. 2020, Algorithm 1; ε_i = step·l˙_i).
 *
 * <p>Inputs: logits z (n, C), labels i32 (n), margins (n) if the loss has them, logit tangents t (n, C), class weights
 * w_{y_i} (n), step (scalar). Outputs: l˙ (n), w′ (n), gz (n, C). Nobody needs to write it: compilers for devices that
 * have a kernel for it put it where its parts are.
 *
 * @param loss L
 */
public record MetaGradient(LossFunction loss) implements FusedOp {
    @Override
    public String name() {
        return loss.name() + "MetaGradient";
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        TensorType examples =
                Logits.check(this, loss, inputs, "zn1", ", logit tangents (n, C), class weights (n), a scalar step");
        return List.of(examples, examples, inputs.get(0));
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor[] own = Logits.own(loss, inputs);
        int next = own.length;
        Tensor tangents = new ExampleLossTangent(loss).apply(with(own, inputs[next]));
        Tensor weights = inputs[next + 1].plus(tangents.times(inputs[next + 2]));
        Tensor shares = weights.times(1.0 / weights.shape().dim(0));
        return new Tensor[] {tangents, weights, new ExampleLossGradient(loss).apply(with(own, shares))};
    }

    @Override
    public long flops(Node node) {
        return 8 * node.input(0).shape().size();
    }

    private static Tensor[] with(Tensor[] own, Tensor last) {
        Tensor[] inputs = Arrays.copyOf(own, own.length + 1);
        inputs[own.length] = last;
        return inputs;
    }
}
