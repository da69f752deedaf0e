package io.eider.experiments.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.engine.backend.cuda.StandIn;
import io.eider.engine.program.Precision;
import io.eider.engine.program.ProgramOptions;
import io.eider.experiments.weighting.DomainAdaptation;
import io.eider.experiments.weighting.Reduction;
import io.eider.models.nn.Variables;
import io.eider.models.optim.Sgd;
import io.eider.models.resnet.CifarResnet;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The stage-2 step of ResNet-32 on a CUDA device: what it computes, and what it asks of the device. */
@Tag("cuda")
class CudaStepTest {
    private static final int BATCH = 4;
    private static final int STEPS = 3;

    /** Of the training batch and the development batch, a byte a channel. */
    private static final int PIXELS = 2 * BATCH * 32 * 32 * 3;

    /** What three steps leave: eager, captured, and replayed. */
    private static final class Results {
        private final double[] loss = new double[STEPS];
        private final float[][] losses = new float[STEPS][BATCH];
        private final float[][] weights = new float[STEPS][BATCH];
        private long arenaBytes;
    }

    @Test
    void threeStepsAreThoseOfTheReference() {
        Results expected = steps("reference", 32, false);
        Results actual = steps("cuda", 32, false);
        for (int i = 0; i < STEPS; i++) {
            // A rectifier at its kink may flip in f32, and steps build on one another.
            double tolerance = i == 0 ? 1e-5 : 1e-3;
            assertThat(Math.abs(actual.loss[i] / expected.loss[i] - 1))
                    .as("loss of step %d", i)
                    .isLessThan(tolerance);
            for (int k = 0; k < BATCH; k++) {
                assertThat(Math.abs(actual.losses[i][k] - expected.losses[i][k]))
                        .as("loss %d of step %d", k, i)
                        .isLessThan((float) (tolerance * (1 + expected.losses[i][k])));
                assertThat(Math.abs(actual.weights[i][k] - expected.weights[i][k]))
                        .as("weight %d of step %d", k, i)
                        .isLessThan((float) tolerance * (1 + expected.weights[i][k]));
            }
        }
    }

    @Test
    void batchNormsThatRunTwiceChangeNoBit() {
        Results kept = steps("cuda", 8, false);
        Results again = steps("cuda", 8, true);
        assertThat(again.arenaBytes).isLessThan(kept.arenaBytes);
        assertThat(again.loss).containsExactly(kept.loss);
        assertThat(again.losses).isDeepEqualTo(kept.losses);
        assertThat(again.weights).isDeepEqualTo(kept.weights);
    }

    private static Results steps(String name, int depth, boolean recompute) {
        Results results = new Results();
        Random random = new Random(1);
        try (Device device = Devices.open(name, 1)) {
            CifarResnet network = new CifarResnet(depth, 10);
            Variables variables = new Variables(network);
            variables.initialise(device, 1);
            Learner learner = new Learner(
                    device, network, variables, new Sgd(0.9, 5e-4, true), new ProgramOptions(Precision.F32, recompute));
            try (TrainingStep step = TrainingStep.domainAdaptation(
                    learner, new DomainAdaptation(Reduction.SUM), ImageForm.PIXELS, BATCH, BATCH)) {
                results.arenaBytes = step.arenaBytes();
                upload(step, random);
                for (int i = 0; i < STEPS; i++) {
                    Books before = new Books();
                    step.start();
                    upload(step, random);
                    step.await();
                    if (name.equals("cuda")) {
                        before.reportAndCheck(i, depth);
                    }
                    results.loss[i] = step.loss();
                    step.losses(results.losses[i]);
                    step.weights(results.weights[i]);
                }
            }
        }
        return results;
    }

    /** The batches of the next step, also beside the one that runs. */
    private static void upload(TrainingStep step, Random random) {
        step.batch(pixels(random), draws(random), new int[] {1, 2, 3, 4}, new float[] {1, 1, 0.5f, 2});
        step.developmentBatch(pixels(random), draws(random), new int[] {4, 3, 2, 1});
        step.upload(0.01, 1e-3, 1);
    }

    private static byte[] pixels(Random random) {
        byte[] pixels = new byte[PIXELS / 2];
        random.nextBytes(pixels);
        return pixels;
    }

    private static int[] draws(Random random) {
        int[] draws = new int[3 * BATCH];
        Arrays.setAll(draws, i -> random.nextInt(i % 3 == 2 ? 2 : 9));
        return draws;
    }

    /** The stand-in's books before a step. */
    private static final class Books {
        private final StandIn standIn = StandIn.get();
        private final long calls = standIn.calls();
        private final long kernels = standIn.kernels();
        private final long graphs = standIn.graphLaunches();
        private final long there = standIn.copiesToDevice();
        private final long back = standIn.copiesToHost();
        private final long bytes = standIn.bytesToDevice();

        private void reportAndCheck(int step, int depth) {
            long graphLaunches = standIn.graphLaunches() - graphs;
            long uploads = standIn.copiesToDevice() - there;
            long downloads = standIn.copiesToHost() - back;
            System.out.printf(
                    "stage-2 step %d of ResNet-%d on cuda: %d calls, %d kernels, %d graph launches, %d copies there, %d back%n",
                    step,
                    depth,
                    standIn.calls() - calls,
                    standIn.kernels() - kernels,
                    graphLaunches,
                    uploads,
                    downloads);
            assertThat(standIn.kernels() - kernels).isLessThan(1100);
            assertThat(graphLaunches).isEqualTo(step == 0 ? 0 : 1);
            assertThat(uploads).isEqualTo(1);
            assertThat(downloads).isEqualTo(1);
            // Draws, labels, class weights and scalars are eight inputs at multiples of 256 bytes; then status words.
            assertThat(standIn.bytesToDevice() - bytes).isBetween((long) PIXELS, PIXELS + 9L * 256);
        }
    }
}
