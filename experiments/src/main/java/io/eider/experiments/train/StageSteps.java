package io.eider.experiments.train;

import io.eider.experiments.weighting.ClassWeights;
import io.eider.experiments.weighting.DomainAdaptation;
import io.eider.experiments.weighting.LearningToReweight;
import io.eider.experiments.weighting.MetaWeightNet;
import io.eider.experiments.weighting.Reduction;
import io.eider.experiments.weighting.WeightingRule;
import io.eider.models.optim.Sgd;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** The compiled steps of one stage, one for each batch size met: the full batch and the last of an epoch. */
final class StageSteps implements AutoCloseable {
    private final Learner learner;
    private final RunFolder folder;
    private final int stage;
    private final Objective objective;
    private final boolean corrected;
    private final float[] weightOfClass;
    private final int developmentBatch;
    private final Map<Integer, BatchStep> steps = new HashMap<>();

    // A method reference in of() would be a new object at every step.
    private final Function<Integer, BatchStep> compiler = this::compile;

    /**
     * The steps of a stage.
     *
     * @param folder where it is written down which kernel, and which algorithm of a library, does what
     * @param counts training images of each class
     * @param developmentBatch images in a development batch
     */
    StageSteps(TrainConfig config, Learner learner, RunFolder folder, int stage, int[] counts, int developmentBatch) {
        this.learner = learner;
        this.folder = folder;
        this.stage = stage;
        this.objective = objective(config, learner, stage, counts);
        this.corrected = objective.rule() instanceof DomainAdaptation;
        this.weightOfClass = weights(config, stage, counts);
        this.developmentBatch = developmentBatch;
    }

    int stage() {
        return stage;
    }

    /** Whether the steps take development batches. */
    boolean looksAhead() {
        return objective.looksAhead();
    }

    /** The step for a batch size, compiled when first asked for. */
    BatchStep of(int size) {
        return steps.computeIfAbsent(size, compiler);
    }

    private BatchStep compile(int size) {
        TrainingStep step = TrainingStep.of(learner, objective, ImageForm.PIXELS, size, developmentBatch);
        folder.write("steps/stage" + stage + "-batch" + size + ".txt", step.explain());
        return new BatchStep(step, size, weightOfClass, corrected);
    }

    /** What a stage descends. */
    static Objective objective(TrainConfig config, Learner learner, int stage, int[] counts) {
        ExampleLoss loss =
                ExampleLoss.of(config.lossOf(stage), counts, config.gamma(), config.ldamScale(), config.ldamMargin());
        if (stage == 1) {
            return Objective.byClass(loss, Reduction.MEAN);
        }
        if (!config.looksAhead()) {
            return Objective.byClass(loss, config.reduction());
        }
        ExampleLoss developmentLoss =
                config.developmentLoss() == DevelopmentLoss.TRAINING ? loss : ExampleLoss.CROSS_ENTROPY;
        return Objective.lookingAhead(loss, rule(config, learner), config.reduction(), developmentLoss);
    }

    private static WeightingRule rule(TrainConfig config, Learner learner) {
        return switch (config.method()) {
            case UNIFORM, CLASS_BALANCED -> WeightingRule.byClass();
            case L2RW -> new LearningToReweight();
            case META_WEIGHT_NET ->
                new MetaWeightNet(
                        learner.weightingNetwork().orElseThrow(),
                        new Sgd(config.momentum(), config.weightDecay(), config.nesterov()),
                        config.weightingLr(),
                        config.weightingNormalised(),
                        config.weightingDetached(),
                        config.lookAheadReduction());
            case OURS -> new DomainAdaptation(config.lookAheadReduction());
        };
    }

    private static float[] weights(TrainConfig config, int stage, int[] counts) {
        float[] weights = new float[counts.length];
        Arrays.fill(weights, 1);
        boolean byClass = config.method() == Method.OURS || config.method() == Method.CLASS_BALANCED;
        if (stage == 2 && byClass) {
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
