package io.eider.engine.program;

import static io.eider.engine.op.primitive.Input.input;
import static io.eider.engine.op.primitive.Matmul.matmul;
import static io.eider.engine.op.primitive.StopGradient.stopGradient;
import static io.eider.engine.op.primitive.Sum.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.eider.engine.autodiff.Autodiff;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.engine.backend.Devices;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.fused.CrossEntropy;
import io.eider.engine.op.fused.ExampleLoss;
import io.eider.engine.op.fused.Focal;
import io.eider.engine.op.fused.Ldam;
import io.eider.engine.op.fused.LossFunction;
import io.eider.engine.op.fused.SigmoidFocal;
import java.util.List;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.opentest4j.TestAbortedException;

/** The end of stage 2 of a linear classifier, as the method builds it. */
class FuseMetaGradientTest {
    private static final int BATCH = 5;
    private static final int CLASSES = 4;

    private final Tensor theta = input("theta", TensorType.f32(3, CLASSES));
    private final Tensor images = input("images", TensorType.f32(BATCH, 3));
    private final Tensor labels = input("labels", TensorType.i32(BATCH));
    private final Tensor margins = input("margins", TensorType.f32(BATCH));
    private final Tensor classWeights = input("class weights", TensorType.f32(BATCH));
    private final Tensor direction = input("direction", theta.type());
    private final Tensor eta = input("eta", TensorType.f32());
    private final Tensor tau = input("tau", TensorType.f32());
    private final Tensor logits = matmul(images, theta);

    /** ε's gradient, the corrected weights, and the gradient of the mean of the losses weighted with them. */
    private List<Tensor> stage2(LossFunction loss) {
        Tensor losses = losses(loss, logits);
        Tensor epsilonGradient = Autodiff.jvp(losses, List.of(theta), List.of(direction))
                .times(eta)
                .times(1.0 / BATCH)
                .negate();
        Tensor weights = stopGradient(classWeights.minus(epsilonGradient.times(tau)));
        Tensor mean = sum(weights.times(losses)).times(1.0 / BATCH);
        return List.of(
                epsilonGradient,
                weights,
                Autodiff.gradients(mean, List.of(theta)).get(0));
    }

    static Stream<LossFunction> losses() {
        return Stream.of(new CrossEntropy(), new Focal(1.5), new SigmoidFocal(0.5), new Ldam(10));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void oneOpTakesThePlaceOfTangentWeightsAndGradient(LossFunction loss) {
        assertThat(ops(stage2(loss)))
                .contains(loss.name() + "MetaGradient")
                .doesNotContain(loss.name() + "Tangent", loss.name() + "Gradient", "subtract");
    }

    @ParameterizedTest
    @MethodSource("losses")
    void onTheCpuItComputesWhatItsPartsDo(LossFunction loss) {
        List<Tensor> outputs = stage2(loss);
        try (Device reference = Devices.open("reference", 1);
                Device cpu = cpu();
                Program expected = Program.compile(reference, outputs, List.of());
                Program actual = Program.compile(cpu, outputs, List.of())) {
            assertThat(expected.explain()).doesNotContain("MetaGradient");
            assertThat(actual.explain())
                    .contains(loss.name() + "MetaGradient", "eider_loss_meta_gradient")
                    .doesNotContain("Tangent");
            for (Program program : List.of(expected, actual)) {
                feed(program, loss);
                program.run();
            }
            for (Tensor output : outputs) {
                // A handful of roundings of numbers of size 10, the scale of the largest loss.
                assertThat(actual.get(output)).containsExactly(expected.get(output), within(1e-5));
            }
        }
    }

    @Test
    void anAdditionIsAsGoodAsASubtractionFromEitherSide() {
        for (BinaryOperator<Tensor> add : List.<BinaryOperator<Tensor>>of((a, b) -> a.plus(b), (a, b) -> b.plus(a))) {
            Tensor losses = losses(new CrossEntropy(), logits);
            Tensor tangent = Autodiff.jvp(losses, List.of(theta), List.of(direction));
            Tensor weights = stopGradient(add.apply(classWeights, tangent.times(tau)));
            assertThat(ops(gradient(weights, losses, 1.0 / BATCH))).contains("crossEntropyMetaGradient");
        }
    }

    @Test
    void otherSharesLogitsLossesAndWeightsThatComeTooLateAreLeftAlone() {
        Tensor losses = losses(new CrossEntropy(), logits);
        Tensor tangent = Autodiff.jvp(losses, List.of(theta), List.of(direction));
        Tensor weights = stopGradient(classWeights.plus(tangent.times(tau)));
        Tensor ofTangent = stopGradient(tangent.times(tangent).plus(tangent.times(tau)));
        assertThat(ops(gradient(weights, losses, 1))).doesNotContain("crossEntropyMetaGradient");
        assertThat(ops(gradient(weights, losses(new CrossEntropy(), logits.times(2)), 1.0 / BATCH)))
                .doesNotContain("crossEntropyMetaGradient");
        assertThat(ops(gradient(weights, losses(new Focal(1), logits), 1.0 / BATCH)))
                .noneMatch(name -> name.endsWith("MetaGradient"));
        assertThat(ops(gradient(ofTangent, losses, 1.0 / BATCH))).doesNotContain("crossEntropyMetaGradient");
        assertThat(ops(gradient(classWeights, losses, 1.0 / BATCH))).doesNotContain("crossEntropyMetaGradient");
    }

    private Tensor losses(LossFunction loss, Tensor z) {
        return loss.margins()
                ? new ExampleLoss(loss).apply(z, labels, margins)
                : new ExampleLoss(loss).apply(z, labels);
    }

    private List<Tensor> gradient(Tensor weights, Tensor losses, double share) {
        return Autodiff.gradients(sum(weights.times(losses)).times(share), List.of(theta));
    }

    private static List<String> ops(List<Tensor> outputs) {
        return Compiler.compile(new Graph(outputs, List.of()), new Everything(), ProgramOptions.DEFAULT)
                .nodes()
                .stream()
                .map(node -> node.op().name())
                .toList();
    }

    private void feed(Program program, LossFunction loss) {
        Random random = new Random(11);
        for (Tensor input : List.of(theta, images, direction)) {
            program.set(input, random.doubles(input.shape().size(), -1, 1).toArray());
        }
        program.set(labels, new int[] {0, 3, 1, 2, 2});
        if (loss.margins()) {
            program.set(margins, new double[] {0.1, 0.2, 0.3, 0.4, 0.5});
        }
        program.set(classWeights, new double[] {0.3, 0.5, 0.7, 0.9, 1.1});
        program.set(eta, new double[] {0.1});
        program.set(tau, new double[] {0.5});
    }

    private static Device cpu() {
        try {
            return Devices.open("cpu", 1);
        } catch (DeviceUnavailableException e) {
            System.out.println("meta-gradient kernel skipped: " + e.getMessage());
            throw new TestAbortedException(e.getMessage(), e);
        }
    }
}
