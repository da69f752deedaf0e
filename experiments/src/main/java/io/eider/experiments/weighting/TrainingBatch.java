package io.eider.experiments.weighting;

import io.eider.engine.graph.Tensor;
import io.eider.models.nn.Params;

/**
 * A training batch at the parameters θ, with everything that a rule may weigh its examples by.
 *
 * @param theta θ
 * @param losses l_i(θ) in train mode (n)
 * @param classWeights w_{y_i} (n)
 * @param development the development batch, or null for a step without one: rules that do not look ahead never ask
 */
public record TrainingBatch(Params theta, Tensor losses, Tensor classWeights, Development development) {
    /**
     * A balanced batch, and how far it lets a rule go.
     *
     * @param loss from parameters to L_D, the mean unweighted loss of the batch with its own batch statistics, a scalar;
     *     what it would make of running statistics is dropped
     * @param eta η, step size of the look-ahead, a scalar
     * @param tau τ, step size of ε, a scalar
     */
    public record Development(Loss loss, Tensor eta, Tensor tau) {}

    /** L_D as a function of the parameters. */
    public interface Loss {
        /** Returns L_D(params), a scalar. */
        Tensor at(Params params);
    }
}
