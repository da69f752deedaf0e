package io.eider.bench.kernel;

import io.eider.engine.backend.Device;
import io.eider.engine.program.Precision;
import io.eider.engine.program.ProgramOptions;
import io.eider.experiments.data.Augmentation;
import io.eider.experiments.data.ImageSet;
import io.eider.experiments.train.ImageForm;
import io.eider.experiments.train.Learner;
import io.eider.experiments.train.TrainingStep;
import io.eider.experiments.weighting.DomainAdaptation;
import io.eider.experiments.weighting.Reduction;
import io.eider.models.nn.Variables;
import io.eider.models.optim.Sgd;
import io.eider.models.resnet.CifarResnet;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Training steps of a ResNet on drawn images, timed by the clock of the host: what a training sees.
 *
 * @param device where
 * @param precision in what
 * @param depth the network's layers
 * @param batch images
 * @param rounds of which the median counts
 */
record TimedSteps(Device device, Precision precision, int depth, int batch, int rounds) {
    private static final int CLASSES = 10;

    /** Times the plain step. */
    DeviceReport.Step plain() {
        return timed("plain step", learner -> TrainingStep.weighted(learner, ImageForm.PIXELS, batch), false);
    }

    /** Times the step of the method's stage 2. */
    DeviceReport.Step stage2() {
        return timed(
                "stage-2 step",
                learner -> TrainingStep.domainAdaptation(
                        learner, new DomainAdaptation(Reduction.SUM), ImageForm.PIXELS, batch, batch),
                true);
    }

    private DeviceReport.Step timed(String name, Function<Learner, TrainingStep> compile, boolean looksAhead) {
        CifarResnet network = new CifarResnet(depth, CLASSES);
        Variables variables = new Variables(network);
        variables.initialise(device, 1);
        Learner learner =
                new Learner(device, network, variables, new Sgd(0.9, 5e-4, true), ProgramOptions.of(precision));
        SplittableRandom random = new SplittableRandom(1);
        byte[] pixels = new byte[batch * ImageSet.VALUES];
        random.nextBytes(pixels);
        // Rows, columns and flips are 0 or 1.
        int[] draws = new int[batch * Augmentation.DRAWS];
        Arrays.setAll(draws, i -> random.nextInt(2));
        int[] labels = random.ints(batch, 0, CLASSES).toArray();
        float[] ones = new float[batch];
        Arrays.fill(ones, 1);
        try (TrainingStep step = compile.apply(learner)) {
            double nanos = DeviceReport.median(rounds, () -> {
                long start = System.nanoTime();
                step.batch(pixels, draws, labels, ones);
                if (looksAhead) {
                    step.developmentBatch(pixels, draws, labels);
                }
                step.run(0.01, 1e-3, 1);
                return System.nanoTime() - start;
            });
            String kept = precision == Precision.F32 ? "" : " in bf16";
            return new DeviceReport.Step(
                    name + kept + ", ResNet-" + depth + ", batch " + batch, nanos * 1e-3, step.loss());
        }
    }
}
