package io.eider.experiments.weighting;

import io.eider.engine.graph.Graph.Assignment;
import io.eider.engine.graph.Tensor;
import io.eider.models.nn.Params;
import java.util.List;
import java.util.Optional;

/** How much each example of a batch counts in the update of the network. */
public interface WeightingRule {
    /**
     * What a rule decides.
     *
     * @param weights final weights (n), constants to differentiation
     * @param lookAhead what a look-ahead told; nothing for rules without one
     * @param assignments what the rule itself learns in the step
     */
    record Weighting(Tensor weights, Optional<LookAhead> lookAhead, List<Assignment> assignments) {}

    /**
     * Where a look-ahead led and what the development batch says there.
     *
     * @param params θ̃, the parameters after the look-ahead step
     * @param developmentLoss L_D(θ̃), a scalar
     * @param developmentGradient v = ∇L_D at θ̃
     * @param weightGradient ∂L_D/∂ε_i (n): how L_D(θ̃) changes with the weight of example i in the look-ahead
     */
    record LookAhead(Params params, Tensor developmentLoss, Params developmentGradient, Tensor weightGradient) {}

    /** Returns the weights of a batch. */
    Weighting weigh(TrainingBatch batch);

    /** The rule that weighs examples by their class alone: w_{y_i}, ones for plain training. */
    static WeightingRule byClass() {
        return batch -> new Weighting(batch.classWeights(), Optional.empty(), List.of());
    }
}
