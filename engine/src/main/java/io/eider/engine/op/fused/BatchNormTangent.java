package io.eider.engine.op.fused;

import static io.eider.engine.op.primitive.Positive.positive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.FusedOp;
import io.eider.engine.op.primitive.Cast;
import java.util.List;

/**
 * Tangents of {@link BatchNorm}'s outputs, through the statistics of the batch. With r = 1/√(σ² + epsilon) and
 * x̂ = (x − μ) r: μ˙ = mean(ẋ), σ²˙ = 2 mean((x − μ) ẋ),
 * ẏ = γ (r (ẋ − μ˙) − ½ r² σ²˙ x̂) + γ˙ x̂ + β˙ [+ residual˙], and ẏ·[y &gt; 0] if {@code relu}.
 *
 * <p>Inputs: x (…, C), γ (C), μ (C), σ² (C), ẋ (…, C), γ˙ (C), β˙ (C), if {@code residual} its tangent (…, C), and if
 * {@code relu} the y that batch norm gave. Outputs: ẏ (…, C), μ˙ (C), σ²˙ (C).
 *
 * @param epsilon as in the batch norm
 * @param residual as in the batch norm
 * @param relu as in the batch norm
 */
public record BatchNormTangent(double epsilon, boolean residual, boolean relu) implements FusedOp {
    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        TensorType channels = Channels.check(
                this,
                inputs,
                "xcccxcc" + (residual ? "x" : "") + (relu ? "x" : ""),
                "x (…, C), gamma (C), mean (C), variance (C), tx (…, C), tgamma (C), tbeta (C)"
                        + (residual ? ", tresidual (…, C)" : "")
                        + (relu ? ", y (…, C)" : ""));
        return List.of(inputs.get(0), channels, channels);
    }

    @Override
    public Tensor[] decompose(Tensor[] stored) {
        Tensor[] inputs = Channels.widened(stored);
        Tensor centred = inputs[0].minus(inputs[2]);
        Tensor inverse = BatchNorm.inverseDeviation(inputs[3], epsilon);
        Tensor normalised = centred.times(inverse);
        Tensor tMean = BatchNorm.meanOverRows(inputs[4]);
        Tensor tVariance = BatchNorm.meanOverRows(centred.times(inputs[4])).times(2);
        Tensor tNormalised = inputs[4]
                .minus(tMean)
                .times(inverse)
                .minus(normalised.times(tVariance.times(inverse).times(inverse).times(0.5)));
        Tensor ty =
                tNormalised.times(inputs[1]).plus(normalised.times(inputs[5])).plus(inputs[6]);
        ty = residual ? ty.plus(inputs[7]) : ty;
        ty = relu ? ty.times(positive(inputs[inputs.length - 1])) : ty;
        return new Tensor[] {Cast.cast(ty, stored[0].dtype()), tMean, tVariance};
    }

    @Override
    public long flops(Node node) {
        return 12 * node.type(0).shape().size();
    }
}
