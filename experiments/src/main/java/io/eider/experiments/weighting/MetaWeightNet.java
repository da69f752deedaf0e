package io.eider.experiments.weighting;

import static io.eider.engine.op.primitive.StopGradient.stopGradient;

import io.eider.engine.autodiff.Autodiff;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.primitive.Fill;
import io.eider.engine.op.primitive.Sum;
import io.eider.models.nn.Params;
import io.eider.models.nn.Variables;
import io.eider.models.optim.Sgd;
import java.util.List;
import java.util.Optional;

/**
 * Meta-Weight-Net: a small network ψ gives each example its weight from its loss, and learns from the development loss
 * after a look-ahead step of the classifier. Shu et al., NeurIPS 2019, Algorithm 1.
 *
 * <p>The look-ahead θ̃(ψ) = θ − η ∇F(l(θ), ψ) depends on ψ only through c_k = ∂F/∂l_k, for ∇F = Σ c_k ∇l_k(θ). So with v
 * = ∇L_D(θ̃) and j_k = ⟨∇l_k(θ), v⟩, which one forward-mode pass gives, ∂L_D/∂ψ = −η ∂(Σ c_k(ψ) j_k)/∂ψ exactly: nothing is
 * differentiated twice but the small network.
 *
 * @param psi the numbers of the {@link WeightingNetwork}
 * @param sgd how ψ is updated
 * @param learningRate of ψ
 * @param normalised whether the weights of a batch are scaled to sum 1 (the authors' class-imbalance code)
 * @param detached whether the look-ahead takes the losses that go into ψ as constants (not in that code)
 * @param lookAheadReduction how the look-ahead reduces the weighted losses
 */
public record MetaWeightNet(
        Variables psi, Sgd sgd, double learningRate, boolean normalised, boolean detached, Reduction lookAheadReduction)
        implements WeightingRule {
    private static final WeightingNetwork NETWORK = new WeightingNetwork();

    @Override
    public Weighting weigh(TrainingBatch batch) {
        Params theta = batch.theta();
        Tensor losses = batch.losses();
        Tensor eta = batch.development().eta();
        Tensor weights = weights(psi.params(), detached ? stopGradient(losses) : losses);
        Tensor batchLoss = lookAheadReduction.reduce(weights, losses);
        Params ahead = theta.minus(Params.gradients(batchLoss, theta).times(eta));
        Tensor developmentLoss = batch.development().loss().at(ahead);
        Params v = Params.gradients(developmentLoss, ahead);
        Tensor gradient = Params.jvp(losses, theta, v).times(eta).negate();

        Tensor c = Autodiff.gradients(batchLoss, List.of(losses)).get(0);
        Params psiGradient = Params.gradients(Sum.sum(c.times(stopGradient(gradient))), psi.params());
        Sgd.Update update = sgd.step(psi, psiGradient, Fill.fill(learningRate, TensorType.f32()));
        Tensor updated = stopGradient(weights(update.params(), losses));
        return new Weighting(
                updated, Optional.of(new LookAhead(ahead, developmentLoss, v, gradient)), update.assignments());
    }

    private Tensor weights(Params at, Tensor losses) {
        Tensor weights = NETWORK.weights(at, losses);
        return normalised ? weights.dividedBy(Sum.sum(weights)) : weights;
    }
}
