package io.eider.experiments.train;

import io.eider.experiments.weighting.ClassWeights;
import io.eider.experiments.weighting.DomainAdaptation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** The compiled steps of one stage, one for each batch size met: the full batch and the last of an epoch. */
final class StageSteps implements AutoCloseable {
    private final TrainConfig config;
    private final Learner learner;
    private final int stage;
    private final float[] weightOfClass;
    private final int developmentBatch;
    private final Map<Integer, BatchStep> steps = new HashMap<>();

    // A method reference in of() would be a new object at every step.
    private final Function<Integer, BatchStep> compiler = this::compile;

    /**
     * The steps of a stage.
     *
     * @param counts training images of each class
     * @param developmentBatch images in a development batch
     */
    StageSteps(TrainConfig config, Learner learner, int stage, int[] counts, int developmentBatch) {
        this.config = config;
        this.learner = learner;
        this.stage = stage;
        this.weightOfClass = weights(config, stage, counts);
        this.developmentBatch = developmentBatch;
    }

    int stage() {
        return stage;
    }

    /**
     * Whether the stage learns conditional weights. With τ = 0 every ε is exactly 0 and the final weights are the class
     * weights, so the step without look-ahead computes the same numbers in a fraction of the time.
     */
    boolean corrected() {
        return stage == 2 && config.tau() > 0;
    }

    /** The step for a batch size, compiled when first asked for. */
    BatchStep of(int size) {
        return steps.computeIfAbsent(size, compiler);
    }

    private BatchStep compile(int size) {
        TrainingStep step = corrected()
                ? TrainingStep.domainAdaptation(
                        learner, new DomainAdaptation(config.lookAheadReduction()), size, developmentBatch)
                : TrainingStep.weighted(learner, size);
        return new BatchStep(step, size, weightOfClass, corrected());
    }

    private static float[] weights(TrainConfig config, int stage, int[] counts) {
        float[] weights = new float[counts.length];
        Arrays.fill(weights, 1);
        if (stage == 2) {
            double[] effective = ClassWeights.effectiveNumber(counts, config.beta());
            for (int c = 0; c < weights.length; c++) {
                weights[c] = (float) effective[c];
            }
        }
        return weights;
    }

    @Override
    public void close() {
        steps.values().forEach(BatchStep::close);
    }
}
