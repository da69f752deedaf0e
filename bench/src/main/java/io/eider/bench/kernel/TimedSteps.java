package io.eider.bench.kernel;

import io.eider.engine.backend.Device;
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

/** Training steps of a ResNet on drawn images, timed by the clock of the host: what a training sees. */
final class TimedSteps {
    private static final int CLASSES = 10;
    private static final int PIXELS = 32 * 32 * 3;

    private TimedSteps() {}

    /** Times the plain step. */
    static DeviceReport.Step plain(Device device, int depth, int batch, int rounds) {
        return timed(
                "plain step", device, depth, batch, rounds, learner -> TrainingStep.weighted(learner, batch), false);
    }

    /** Times the step of the method's stage 2. */
    static DeviceReport.Step stage2(Device device, int depth, int batch, int rounds) {
        return timed(
                "stage-2 step",
                device,
                depth,
                batch,
                rounds,
                learner -> TrainingStep.domainAdaptation(learner, new DomainAdaptation(Reduction.SUM), batch, batch),
                true);
    }

    private static DeviceReport.Step timed(
            String name,
            Device device,
            int depth,
            int batch,
            int rounds,
            Function<Learner, TrainingStep> compile,
            boolean looksAhead) {
        CifarResnet network = new CifarResnet(depth, CLASSES);
        Variables variables = new Variables(network);
        variables.initialise(device, 1);
        Learner learner = new Learner(device, network, variables, new Sgd(0.9, 5e-4, true));
        SplittableRandom random = new SplittableRandom(1);
        float[] images = new float[batch * PIXELS];
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) random.nextGaussian();
        }
        int[] labels = random.ints(batch, 0, CLASSES).toArray();
        float[] ones = new float[batch];
        Arrays.fill(ones, 1);
        try (TrainingStep step = compile.apply(learner)) {
            double nanos = DeviceReport.median(rounds, () -> {
                long start = System.nanoTime();
                step.batch(images, labels, ones);
                if (looksAhead) {
                    step.developmentBatch(images, labels);
                }
                step.run(0.01, 1e-3, 1);
                return System.nanoTime() - start;
            });
            return new DeviceReport.Step(name + ", ResNet-" + depth + ", batch " + batch, nanos * 1e-3, step.loss());
        }
    }
}
