package io.eider.engine.op.fused;

import static io.eider.engine.op.primitive.Positive.positive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.FusedOp;
import io.eider.engine.op.primitive.Cast;
import java.util.ArrayList;
import java.util.List;

/**
 * Cotangents of {@link BatchNorm}'s inputs from that of its y. With g = gy, or gy·[y &gt; 0] if {@code relu},
 * r = 1/√(σ² + epsilon), x̂ = (x − μ) r and m rows: gβ = Σ g, gγ = Σ g x̂, gx = γ r (g − gβ/m − x̂ gγ/m), gresidual = g.
 *
 * <p>Inputs: x (…, C), γ (C), μ (C), σ² (C), gy (…, C), and if {@code relu} the y that batch norm gave. Outputs: gx
 * (…, C), gγ (C), gβ (C), and if {@code residual} gresidual (…, C).
 *
 * @param epsilon as in the batch norm
 * @param residual as in the batch norm
 * @param relu as in the batch norm
 */
public record BatchNormGradient(double epsilon, boolean residual, boolean relu) implements FusedOp {
    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        TensorType channels = Channels.check(
                this,
                inputs,
                relu ? "xcccxx" : "xcccx",
                "x (…, C), gamma (C), mean (C), variance (C), gy (…, C)" + (relu ? ", y (…, C)" : ""));
        List<TensorType> outputs = new ArrayList<>(List.of(inputs.get(0), channels, channels));
        if (residual) {
            outputs.add(inputs.get(0));
        }
        return outputs;
    }

    @Override
    public Tensor[] decompose(Tensor[] stored) {
        Tensor[] inputs = Channels.widened(stored);
        Tensor x = inputs[0];
        Tensor g = relu ? inputs[4].times(positive(inputs[5])) : inputs[4];
        Tensor inverse = BatchNorm.inverseDeviation(inputs[3], epsilon);
        Tensor normalised = x.minus(inputs[2]).times(inverse);
        Tensor gBeta = BatchNorm.sumOverRows(g);
        Tensor gGamma = BatchNorm.sumOverRows(g.times(normalised));
        double share = 1 / BatchNorm.rows(x);
        Tensor gx = g.minus(gBeta.times(share))
                .minus(normalised.times(gGamma.times(share)))
                .times(inputs[1].times(inverse));
        gx = Cast.cast(gx, stored[0].dtype());
        return residual
                ? new Tensor[] {gx, gGamma, gBeta, Cast.cast(g, stored[0].dtype())}
                : new Tensor[] {gx, gGamma, gBeta};
    }

    @Override
    public long flops(Node node) {
        return 10 * node.type(0).shape().size();
    }
}
