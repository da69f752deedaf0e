package io.eider.bench.step;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.experiments.train.Learner;
import io.eider.experiments.train.TrainingStep;
import io.eider.experiments.weighting.DomainAdaptation;
import io.eider.experiments.weighting.Reduction;
import io.eider.models.nn.Variables;
import io.eider.models.optim.Sgd;
import io.eider.models.resnet.CifarResnet;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * Times of a plain and of a stage-2 training step, interleaved: ResNet-32, batch 100, development batch 100, the cpu
 * backend on 2 threads. Run in turn with a PyTorch script that times the same steps, {@code bench/peers/in_turn.sh}
 * gives ratios.
 */
public final class StepTimes {
    private static final int BATCH = 100;
    private static final int THREADS = 2;

    private StepTimes() {}

    /**
     * Prints the table.
     *
     * @param arguments number of timed rounds, default 7
     */
    public static void main(String[] arguments) {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7;
        try (Device device = Devices.open("cpu", THREADS)) {
            CifarResnet network = new CifarResnet(32, 10);
            Variables variables = new Variables(network);
            variables.initialise(device, 1);
            Learner learner = new Learner(device, network, variables, new Sgd(0.9, 5e-4, true));
            try (TrainingStep plain = TrainingStep.weighted(learner, BATCH);
                    TrainingStep stage2 =
                            TrainingStep.domainAdaptation(learner, new DomainAdaptation(Reduction.SUM), BATCH, BATCH)) {
                feed(plain, stage2);
                time(plain);
                time(stage2);
                double[] plainTimes = new double[rounds];
                double[] stage2Times = new double[rounds];
                for (int round = 0; round < rounds; round++) {
                    plainTimes[round] = time(plain);
                    stage2Times[round] = time(stage2);
                }
                System.out.println(device.description());
                print("plain f32", plainTimes);
                print("stage 2", stage2Times);
                System.out.printf(
                        Locale.ROOT,
                        "arena of the plain step %.0f MB, of stage 2 %.0f MB%n",
                        plain.arenaBytes() * 1e-6,
                        stage2.arenaBytes() * 1e-6);
            }
        }
    }

    private static void feed(TrainingStep plain, TrainingStep stage2) {
        Random random = new Random(0);
        float[] images = new float[BATCH * 32 * 32 * 3];
        for (int i = 0; i < images.length; i++) {
            images[i] = (float) random.nextGaussian();
        }
        int[] labels = random.ints(BATCH, 0, 10).toArray();
        float[] weights = new float[BATCH];
        Arrays.fill(weights, 1);
        plain.batch(images, labels, weights);
        stage2.batch(images, labels, weights);
        stage2.developmentBatch(images, labels);
    }

    private static double time(TrainingStep step) {
        long start = System.nanoTime();
        step.run(0.1, 1e-3, 1e-2);
        if (!Double.isFinite(step.loss())) {
            throw new IllegalStateException("the loss is " + step.loss());
        }
        return (System.nanoTime() - start) * 1e-6;
    }

    private static void print(String name, double[] millis) {
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "%-26s min %7.0f  median %7.0f  max %7.0f ms%n",
                name,
                millis[0],
                millis[millis.length / 2],
                millis[millis.length - 1]);
    }
}
