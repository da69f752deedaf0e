package io.eider.experiments.weighting;

import static io.eider.engine.op.fused.CrossEntropy.crossEntropy;
import static io.eider.engine.op.primitive.StopGradient.stopGradient;

import io.eider.engine.graph.Tensor;
import io.eider.models.nn.Mode;
import io.eider.models.nn.Network;
import io.eider.models.nn.Params;
import io.eider.models.nn.State;

/**
 * The method: each example i weighs w_{y_i} + ε_i, where the conditional weight ε_i is one gradient step, from zero,
 * down the loss of a balanced development batch after a look-ahead step of the network. Jamal et al., CVPR 2020,
 * Algorithm 1, stage 2; step numbers below are those of its inner loop.
 *
 * @param lookAheadReduction how the look-ahead step reduces the weighted losses of the batch: the paper writes
 *     {@code MEAN}, the authors' code does {@code SUM}
 */
public record DomainAdaptation(Reduction lookAheadReduction) {
    /**
     * What stage 2 computes before the real update.
     *
     * @param lookAhead θ̃, the parameters after the look-ahead step
     * @param developmentLoss L_D(θ̃), a scalar
     * @param developmentGradient ∇L_D at θ̃
     * @param epsilonGradient ∂L_D/∂ε_i at ε = 0 (n)
     * @param weights w_{y_i} + ε_i (n), a constant to differentiation; not clipped, not normalised
     */
    public record Correction(
            Params lookAhead,
            Tensor developmentLoss,
            Params developmentGradient,
            Tensor epsilonGradient,
            Tensor weights) {}

    /**
     * Returns the corrected weights of a training batch.
     *
     * @param network the classifier
     * @param theta θ
     * @param state running statistics; train mode does not read them, and what the development batch makes of them is
     *     dropped
     * @param losses l_i(θ) of the training batch in train mode (n)
     * @param classWeights w_{y_i} (n)
     * @param images development images (m, H, W, 3)
     * @param labels development labels, i32 (m)
     * @param eta η, step size of the look-ahead, a scalar
     * @param tau τ, step size of ε, a scalar
     */
    public Correction correct(
            Network network,
            Params theta,
            State state,
            Tensor losses,
            Tensor classWeights,
            Tensor images,
            Tensor labels,
            Tensor eta,
            Tensor tau) {
        // 1, 2: at ε = 0 the weighted loss of the batch needs no ε.
        Tensor batchLoss = lookAheadReduction.reduce(classWeights.times(losses));
        // 3: θ̃ = θ − η ∇L_B(θ), on every parameter, without momentum or weight decay.
        Params lookAhead = theta.minus(Params.gradients(batchLoss, theta).times(eta));
        // 4: the unweighted loss of the development batch, with its own batch statistics.
        Tensor logits = network.apply(lookAhead, state, images, Mode.TRAIN).logits();
        Tensor developmentLoss = Reduction.MEAN.reduce(crossEntropy(logits, labels));
        Params v = Params.gradients(developmentLoss, lookAhead);
        // 5: θ̃ is linear in ε, so ∂L_D/∂ε_i = −η c ⟨∇l_i(θ), v⟩ exactly: one forward-mode pass gives all i at once.
        double c = lookAheadReduction.factor(losses.shape().dim(0));
        Tensor epsilonGradient =
                Params.jvp(losses, theta, v).times(eta).times(c).negate();
        Tensor weights = stopGradient(classWeights.minus(epsilonGradient.times(tau)));
        return new Correction(lookAhead, developmentLoss, v, epsilonGradient, weights);
    }
}
