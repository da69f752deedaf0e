package io.eider.experiments.weighting;

import static io.eider.engine.op.fused.CrossEntropy.crossEntropy;
import static io.eider.engine.op.primitive.Input.input;
import static org.assertj.core.api.Assertions.assertThat;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.engine.graph.Graph.Assignment;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.graph.Variable;
import io.eider.engine.program.Program;
import io.eider.models.nn.Mode;
import io.eider.models.nn.Network;
import io.eider.models.nn.Params;
import io.eider.models.nn.Variables;
import io.eider.models.optim.Sgd;
import io.eider.models.resnet.CifarResnet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gradient of the weighting network's parameters on a small ResNet, in three ways, in 64 bits. */
class MetaWeightNetTest {
    private static final int BATCH = 5;
    private static final int DEVELOPMENT = 4;
    private static final double ETA = 0.01;

    /** Without momentum and decay the step of ψ is its gradient. */
    private static final Sgd PLAIN = new Sgd(0, 0, false);

    private final Network network = new CifarResnet(8, 10);
    private final Variables variables = new Variables(network);
    private final Variables psi = new Variables(new WeightingNetwork());
    private final Tensor images = input("images", TensorType.f32(BATCH, 8, 8, 3));
    private final Tensor labels = input("labels", TensorType.i32(BATCH));
    private final Tensor developmentImages = input("development images", TensorType.f32(DEVELOPMENT, 8, 8, 3));
    private final Tensor developmentLabels = input("development labels", TensorType.i32(DEVELOPMENT));
    private final Tensor eta = input("eta", TensorType.f32());

    @ParameterizedTest
    @CsvSource({"true, false, SUM", "false, false, MEAN", "true, true, SUM", "false, true, MEAN"})
    void forwardModeEqualsReverseOverReverseEqualsFiniteDifferences(
            boolean normalised, boolean detached, Reduction reduction) {
        Tensor losses = crossEntropy(
                network.apply(variables.params(), variables.state(), images, Mode.TRAIN)
                        .logits(),
                labels);
        MetaWeightNet rule = new MetaWeightNet(psi, PLAIN, 1, normalised, detached, reduction);
        WeightingRule.Weighting weighting = rule.weigh(new TrainingBatch(
                variables.params(), losses, null, new TrainingBatch.Development(this::developmentLoss, eta, null)));
        Tensor developmentLoss = weighting.lookAhead().orElseThrow().developmentLoss();
        Map<String, Tensor> oracle =
                Params.gradients(developmentLoss, psi.params()).asMap();
        try (Device device = Devices.open("reference", 1);
                Program step = Program.compile(device, List.copyOf(oracle.values()), weighting.assignments());
                Program lookAhead = Program.compile(device, List.of(developmentLoss), List.<Assignment>of())) {
            variables.initialise(device, 7);
            psi.initialise(device, 7);
            set(step);
            set(lookAhead);
            Map<String, float[]> before = Variables.read(device, psi.parameterVariables());
            step.run();
            double worstReverse = 0;
            double worstDifference = 0;
            for (Map.Entry<String, Variable> entry : psi.parameterVariables().entrySet()) {
                String name = entry.getKey();
                double[] reverse = step.get(oracle.get(name));
                double norm = norm(reverse);
                assertThat(norm).isGreaterThan(1e-9);
                double[] after = new double[reverse.length];
                device.variable(entry.getValue()).read(after);
                for (int i = 0; i < reverse.length; i++) {
                    double forward = before.get(name)[i] - after[i];
                    worstReverse = Math.max(worstReverse, Math.abs(forward - reverse[i]) / norm);
                }
            }
            Variables.write(device, psi.parameterVariables(), before);
            for (Map.Entry<String, Variable> entry : psi.parameterVariables().entrySet()) {
                double[] reverse = step.get(oracle.get(entry.getKey()));
                // Every seventh number: each costs two passes.
                for (int i = 0; i < reverse.length; i += 7) {
                    double difference = difference(device, lookAhead, developmentLoss, entry.getValue(), i);
                    worstDifference = Math.max(worstDifference, Math.abs(difference - reverse[i]) / norm(reverse));
                }
            }
            System.out.printf(
                    "meta-weight-net, normalised %s, detached %s: |jvp - reverse over reverse| = %.1e, |jvp - finite "
                            + "differences| = %.1e%n",
                    normalised, detached, worstReverse, worstDifference);
            assertThat(worstReverse).isLessThan(1e-10);
            assertThat(worstDifference).isLessThan(1e-6);
        }
    }

    private static double difference(Device device, Program program, Tensor loss, Variable variable, int i) {
        double h = 1e-4;
        double[] values = new double[(int) variable.type().shape().size()];
        device.variable(variable).read(values);
        double value = values[i];
        double[] losses = new double[2];
        for (int side = 0; side < 2; side++) {
            values[i] = value + (side == 0 ? h : -h);
            device.variable(variable).write(values);
            program.run();
            losses[side] = program.get(loss)[0];
        }
        values[i] = value;
        device.variable(variable).write(values);
        return (losses[0] - losses[1]) / (2 * h);
    }

    private Tensor developmentLoss(Params params) {
        Tensor logits = network.apply(params, variables.state(), developmentImages, Mode.TRAIN)
                .logits();
        return Reduction.mean(crossEntropy(logits, developmentLabels));
    }

    private void set(Program program) {
        Random random = new Random(3);
        program.set(images, random.doubles(images.shape().size(), -2, 2).toArray());
        program.set(labels, new int[] {0, 1, 2, 0, 9});
        program.set(
                developmentImages,
                random.doubles(developmentImages.shape().size(), -2, 2).toArray());
        program.set(developmentLabels, new int[] {3, 2, 1, 0});
        program.set(eta, new double[] {ETA});
    }

    private static double norm(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }
}
