package io.eider.experiments.train;

import io.eider.experiments.weighting.Reduction;
import io.eider.experiments.weighting.WeightingRule;

/**
 * What a step descends: the losses of a training batch, weighed by a rule and reduced.
 *
 * @param loss of the training examples
 * @param rule how much each of them counts
 * @param reduction how they become one number
 * @param developmentLoss of the development examples
 * @param looksAhead whether the rule asks for a development batch
 */
record Objective(
        ExampleLoss loss, WeightingRule rule, Reduction reduction, ExampleLoss developmentLoss, boolean looksAhead) {
    /** The mean of losses weighed by class. */
    static Objective byClass(ExampleLoss loss, Reduction reduction) {
        return new Objective(loss, WeightingRule.byClass(), reduction, ExampleLoss.CROSS_ENTROPY, false);
    }

    /** Losses weighed by a rule that looks at development batches. */
    static Objective lookingAhead(
            ExampleLoss loss, WeightingRule rule, Reduction reduction, ExampleLoss developmentLoss) {
        return new Objective(loss, rule, reduction, developmentLoss, true);
    }
}
