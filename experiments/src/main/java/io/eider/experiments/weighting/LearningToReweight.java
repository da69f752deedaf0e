package io.eider.experiments.weighting;

import static io.eider.engine.op.primitive.Relu.relu;
import static io.eider.engine.op.primitive.StopGradient.stopGradient;

import io.eider.engine.graph.Tensor;
import io.eider.engine.op.primitive.Equal;
import io.eider.engine.op.primitive.Fill;
import io.eider.engine.op.primitive.Sum;
import io.eider.models.nn.Params;
import java.util.List;
import java.util.Optional;

/**
 * L2RW: weights are one gradient step, from zero, down the development loss, clipped to ≥ 0 and scaled to sum 1; all zero
 * if every step would be negative. Ren et al., ICML 2018, Algorithm 1.
 *
 * <p>At ε = 0 the look-ahead step θ̃ = θ − η ∇Σ ε_i l_i(θ) is θ itself, and its step size cancels in the scaling.
 */
public record LearningToReweight() implements WeightingRule {
    @Override
    public Weighting weigh(TrainingBatch batch) {
        Params theta = batch.theta();
        Tensor developmentLoss = batch.development().loss().at(theta);
        Params v = Params.gradients(developmentLoss, theta);
        Tensor gradient = Params.jvp(batch.losses(), theta, v)
                .times(batch.development().eta())
                .negate();
        Tensor clipped = relu(gradient.negate());
        Tensor sum = Sum.sum(clipped);
        Tensor divisor = sum.plus(Equal.equal(sum, Fill.fill(0, sum.type())));
        Tensor weights = stopGradient(clipped.dividedBy(divisor));
        return new Weighting(weights, Optional.of(new LookAhead(theta, developmentLoss, v, gradient)), List.of());
    }
}
