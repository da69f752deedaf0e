package io.eider.experiments.weighting;

import static io.eider.engine.op.fused.CrossEntropy.crossEntropy;
import static io.eider.engine.op.primitive.Input.input;
import static org.assertj.core.api.Assertions.assertThat;

import io.eider.engine.autodiff.Autodiff;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.program.Program;
import io.eider.experiments.weighting.WeightingRule.LookAhead;
import io.eider.models.nn.Mode;
import io.eider.models.nn.Network;
import io.eider.models.nn.Params;
import io.eider.models.nn.Variables;
import io.eider.models.resnet.CifarResnet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The meta-gradient of a small ResNet with train-mode batch norm, computed in three ways, in 64 bits. */
class DomainAdaptationTest {
    private static final int BATCH = 5;
    private static final int DEVELOPMENT = 4;
    private static final double ETA = 0.01; // at 0.05 a summed step lands 1e-6 beside a kink of a rectifier
    private static final double TAU = 0.01;
    private static final double[] WEIGHTS = {0.3, 0.5, 0.7, 0.9, 1.1};

    private final Network network = new CifarResnet(8, 10);
    private final Variables variables = new Variables(network);
    private final Tensor images = input("images", TensorType.f32(BATCH, 8, 8, 3));
    private final Tensor labels = input("labels", TensorType.i32(BATCH));
    private final Tensor weights = input("weights", TensorType.f32(BATCH));
    private final Tensor epsilon = input("epsilon", TensorType.f32(BATCH));
    private final Tensor developmentImages = input("development images", TensorType.f32(DEVELOPMENT, 8, 8, 3));
    private final Tensor developmentLabels = input("development labels", TensorType.i32(DEVELOPMENT));
    private final Tensor eta = input("eta", TensorType.f32());
    private final Tensor tau = input("tau", TensorType.f32());

    @ParameterizedTest
    @EnumSource(names = {"MEAN", "SUM"})
    void forwardModeEqualsReverseOverReverseEqualsFiniteDifferences(Reduction reduction) {
        Params theta = variables.params();
        Tensor losses = crossEntropy(
                network.apply(theta, variables.state(), images, Mode.TRAIN).logits(), labels);
        WeightingRule.Weighting weighting = new DomainAdaptation(reduction)
                .weigh(new TrainingBatch(
                        theta,
                        losses,
                        weights.plus(epsilon),
                        new TrainingBatch.Development(this::developmentLoss, eta, tau)));
        LookAhead correction = weighting.lookAhead().orElseThrow();
        Tensor oracle = Autodiff.gradients(correction.developmentLoss(), List.of(epsilon))
                .get(0);
        try (Device device = Devices.open("reference", 1);
                Program program = Program.compile(
                        device, List.of(correction.weightGradient(), oracle, weighting.weights()), List.of());
                Program lookAhead = Program.compile(device, List.of(correction.developmentLoss()), List.of())) {
            variables.initialise(device, 7);
            set(program, true);
            set(lookAhead, false);
            program.set(epsilon, new double[BATCH]);
            program.run();
            double[] forward = program.get(correction.weightGradient());
            double[] reverse = program.get(oracle);
            double[] corrected = program.get(weighting.weights());
            double norm = norm(reverse);
            assertThat(norm).isGreaterThan(1e-6);
            double worstReverse = 0;
            double worstDifference = 0;
            for (int i = 0; i < BATCH; i++) {
                worstReverse = Math.max(worstReverse, Math.abs(forward[i] - reverse[i]) / norm);
                double h = 1e-5;
                double difference =
                        (developmentLoss(lookAhead, correction, i, h) - developmentLoss(lookAhead, correction, i, -h))
                                / (2 * h);
                worstDifference = Math.max(worstDifference, Math.abs(forward[i] - difference) / norm);
                assertThat(corrected[i]).isEqualTo(WEIGHTS[i] - TAU * forward[i]);
            }
            System.out.printf(
                    "meta-gradient, %s look-ahead: |jvp - reverse over reverse| = %.1e, |jvp - finite differences| = %.1e%n",
                    reduction, worstReverse, worstDifference);
            assertThat(worstReverse).isLessThan(1e-10);
            assertThat(worstDifference).isLessThan(1e-6);
        }
    }

    private Tensor developmentLoss(Params params) {
        Tensor logits = network.apply(params, variables.state(), developmentImages, Mode.TRAIN)
                .logits();
        return Reduction.mean(crossEntropy(logits, developmentLabels));
    }

    private double developmentLoss(Program lookAhead, LookAhead correction, int example, double h) {
        double[] step = new double[BATCH];
        step[example] = h;
        lookAhead.set(epsilon, step);
        lookAhead.run();
        return lookAhead.get(correction.developmentLoss())[0];
    }

    private void set(Program program, boolean withTau) {
        Random random = new Random(3);
        program.set(images, random.doubles(images.shape().size(), -2, 2).toArray());
        program.set(labels, new int[] {0, 1, 2, 0, 9});
        program.set(weights, WEIGHTS);
        program.set(
                developmentImages,
                random.doubles(developmentImages.shape().size(), -2, 2).toArray());
        program.set(developmentLabels, new int[] {3, 2, 1, 0});
        program.set(eta, new double[] {ETA});
        if (withTau) {
            program.set(tau, new double[] {TAU});
        }
    }

    private static double norm(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }
}
