package io.eider.experiments.train;

import static io.eider.experiments.train.Configs.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.engine.graph.Variable;
import io.eider.engine.program.Precision;
import io.eider.engine.program.ProgramOptions;
import io.eider.experiments.weighting.DomainAdaptation;
import io.eider.experiments.weighting.Reduction;
import io.eider.models.nn.Variables;
import io.eider.models.optim.Sgd;
import io.eider.models.resnet.CifarResnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What training with {@code --recompute} needs, and gives. */
class RecomputeTest {
    @ParameterizedTest
    @CsvSource({"F32, 491, 264", "BF16, 247, 134"})
    void aStageTwoStepOfResNet32NeedsLittleMoreThanHalf(Precision precision, long keptMegabytes, long megabytes) {
        try (Device device = Devices.open("cpu", 1)) {
            long kept = arenaBytes(device, 32, 100, new ProgramOptions(precision, false));
            long again = arenaBytes(device, 32, 100, new ProgramOptions(precision, true));
            System.out.printf("stage 2 in %s: %d bytes, recomputing %d%n", precision, kept, again);
            // Scratch memory differs between instruction sets.
            assertThat(kept).isBetween(keptMegabytes * 900_000, keptMegabytes * 1_100_000);
            assertThat(again).isLessThan(megabytes * 1_100_000);
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void threeStepsLeaveTheSameBits(Precision precision) {
        ProgramOptions keeping = new ProgramOptions(precision, false);
        ProgramOptions recomputing = new ProgramOptions(precision, true);
        try (Device device = Devices.open("cpu", 2)) {
            assertThat(arenaBytes(device, 14, 4, recomputing)).isLessThan(arenaBytes(device, 14, 4, keeping));
        }
        assertThat(numbers(recomputing)).containsExactlyElementsOf(numbers(keeping));
    }

    @Test
    void aRunAsksForItAsItIsToldTo() {
        TrainConfig config = with(TrainConfig.defaults(), "recompute", true);
        try (Device device = Devices.open("cpu", 1)) {
            assertThat(TrainingRun.learner(config, 10, device).options().recompute())
                    .isTrue();
            assertThat(TrainingRun.learner(TrainConfig.defaults(), 10, device)
                            .options()
                            .recompute())
                    .isFalse();
        }
    }

    private static long arenaBytes(Device device, int depth, int batch, ProgramOptions options) {
        try (TrainingStep step = step(device, new Variables(new CifarResnet(depth, 10)), depth, options, batch)) {
            return step.arenaBytes();
        }
    }

    private static List<Float> numbers(ProgramOptions options) {
        int batch = 4;
        try (Device device = Devices.open("cpu", 2)) {
            Variables variables = new Variables(new CifarResnet(14, 10));
            variables.initialise(device, 1);
            List<Float> numbers = new ArrayList<>();
            try (TrainingStep step = step(device, variables, 14, options, batch)) {
                Random random = new Random(1);
                float[] images = new float[batch * 32 * 32 * 3];
                for (int i = 0; i < images.length; i++) {
                    images[i] = (float) random.nextGaussian();
                }
                int[] labels = {1, 2, 3, 4};
                step.batch(images, labels, new float[] {1, 1, 0.5f, 2});
                step.developmentBatch(images, labels);
                for (int i = 0; i < 3; i++) {
                    step.run(0.1, 0.1, 1);
                    numbers.add((float) step.loss());
                }
                float[] epsilon = new float[batch];
                step.epsilon(epsilon);
                for (float value : epsilon) {
                    numbers.add(value);
                }
            }
            for (Map<String, Variable> of : List.of(
                    variables.parameterVariables(), variables.momentumVariables(), variables.stateVariables())) {
                for (float[] values : Variables.read(device, of).values()) {
                    for (float value : values) {
                        numbers.add(value);
                    }
                }
            }
            return numbers;
        }
    }

    private static TrainingStep step(Device device, Variables variables, int depth, ProgramOptions options, int batch) {
        Learner learner = new Learner(device, new CifarResnet(depth, 10), variables, new Sgd(0.9, 5e-4, true), options);
        return TrainingStep.domainAdaptation(
                learner, new DomainAdaptation(Reduction.SUM), ImageForm.NUMBERS, batch, batch);
    }
}
