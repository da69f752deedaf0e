package io.eider.experiments.weighting;

import static io.eider.engine.op.primitive.StopGradient.stopGradient;

import io.eider.engine.graph.Tensor;
import io.eider.models.nn.Params;
import java.util.List;
import java.util.Optional;

/**
 * The method: each example i weighs w_{y_i} + ε_i, where the conditional weight ε_i is one gradient step, from zero,
 * down the loss of a balanced development batch after a look-ahead step of the network. Jamal et al., CVPR 2020,
 * Algorithm 1, stage 2; step numbers below are those of its inner loop.
 *
 * @param lookAheadReduction how the look-ahead step reduces the weighted losses of the batch: the paper writes
 *     {@code MEAN}, the authors' code does {@code SUM}
 */
public record DomainAdaptation(Reduction lookAheadReduction) implements WeightingRule {
    @Override
    public Weighting weigh(TrainingBatch batch) {
        Params theta = batch.theta();
        Tensor losses = batch.losses();
        Tensor w = batch.classWeights();
        Tensor eta = batch.development().eta();
        Tensor tau = batch.development().tau();
        // 1, 2: at ε = 0 the weighted loss of the batch needs no ε.
        Tensor batchLoss = lookAheadReduction.reduce(w, losses);
        // 3: θ̃ = θ − η ∇L_B(θ), on every parameter, without momentum or weight decay.
        Params ahead = theta.minus(Params.gradients(batchLoss, theta).times(eta));
        // 4: the unweighted loss of the development batch, with its own batch statistics.
        Tensor developmentLoss = batch.development().loss().at(ahead);
        Params v = Params.gradients(developmentLoss, ahead);
        // 5: θ̃ is linear in ε, so ∂L_D/∂ε_i = −η c ⟨∇l_i(θ), v⟩ exactly: one forward-mode pass gives all i at once.
        double c = lookAheadReduction == Reduction.MEAN ? 1.0 / losses.shape().dim(0) : 1;
        Tensor gradient = Params.jvp(losses, theta, v).times(eta).times(c).negate();
        Tensor weights = stopGradient(w.minus(gradient.times(tau)));
        // 6 is the trainer's: θ ← θ − η ∇ (1/n) Σ (w_{y_i} + ε_i) l_i(θ). No clip to ≥ 0, no normalisation.
        return new Weighting(weights, Optional.of(new LookAhead(ahead, developmentLoss, v, gradient)), List.of());
    }
}
