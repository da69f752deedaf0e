package io.eider.engine.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.eider.engine.autodiff.Autodiff;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.engine.backend.Devices;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.fused.CrossEntropy;
import io.eider.engine.op.fused.ExampleLoss;
import io.eider.engine.op.fused.Focal;
import io.eider.engine.op.fused.Ldam;
import io.eider.engine.op.fused.LossFunction;
import io.eider.engine.op.fused.SigmoidFocal;
import io.eider.engine.op.fused.UnitVectors;
import io.eider.engine.op.primitive.Conv2d;
import io.eider.engine.op.primitive.Fill;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.op.primitive.Max;
import io.eider.engine.op.primitive.Pick;
import io.eider.engine.op.primitive.Relu;
import io.eider.engine.op.primitive.Sum;
import io.eider.engine.program.Program;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What ops say they do at kinks, ties, empty axes, huge numbers and bad labels. */
class EdgesTest {
    private final Tensor x = Input.input("x", TensorType.f32(3));

    @Test
    void theSlopeOfReluAtItsKinkIsZero() {
        assertThat(gradient(Relu.relu(x), -1, 0, 2)).containsExactly(0, 0, 1);
    }

    @Test
    void tiedMaximaShareTheDerivative() {
        assertThat(gradient(Max.max(x, 0), 5, 1, 5)).containsExactly(0.5, 0, 0.5);
    }

    @Test
    void sumsOverNothingAreZeroAndMaximaAreMinusInfinity() {
        Tensor empty = Input.input("empty", TensorType.f32(2, 0));
        Evaluator evaluator = new Evaluator(Map.of(empty, new double[0]));
        assertThat(evaluator.value(Sum.sum(empty, 1))).containsExactly(0, 0);
        assertThat(evaluator.value(Max.max(empty, 1)))
                .containsExactly(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY);
    }

    @Test
    void aConvolutionWithoutStrideIsRefused() {
        Tensor images = Input.input("images", TensorType.f32(1, 5, 5, 3));
        Tensor filters = Input.input("filters", TensorType.f32(4, 3, 3, 3));
        assertThatThrownBy(() -> Conv2d.conv2d(images, filters, 0, 1))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("stride must be at least 1");
        assertThatThrownBy(() -> Conv2d.conv2d(images, filters, 1, -1)).isInstanceOf(ShapeException.class);
    }

    @Test
    void anEmptyBatchHasNoResults() {
        Tensor images = Input.input("images", TensorType.f32(0, 5, 5, 3));
        Tensor filters = Input.input("filters", TensorType.f32(4, 3, 3, 3));
        Evaluator evaluator = new Evaluator(Map.of(images, new double[0], filters, new double[4 * 27]));
        assertThat(evaluator.value(Conv2d.conv2d(images, filters, 1, 1))).isEmpty();
    }

    @Test
    void crossEntropyOfHugeLogitsIsFinite() {
        Tensor logits = Input.input("logits", TensorType.f32(2, 2));
        Tensor labels = Input.input("labels", TensorType.i32(2));
        Tensor losses = CrossEntropy.crossEntropy(logits, labels);
        Evaluator evaluator =
                new Evaluator(Map.of(logits, new double[] {1e30, -1e30, 1e4, 0}, labels, new double[] {0, 1}));
        assertThat(evaluator.value(losses)).containsExactly(0, 1e4);
    }

    /** Logits of three classes, the label is the first, and what a loss and its slope there are. */
    private record Extreme(LossFunction loss, List<Double> logits, double value, double slope) {}

    private static Stream<Extreme> extremes() {
        double third = Math.log(3);
        double half = Math.log(2);
        List<Double> equal = List.of(0d, 0d, 0d);
        List<Double> certain = List.of(1e4, -1e4, -1e4);
        List<Double> sure = List.of(60d, 0d, 0d);
        List<Double> wrong = List.of(-1e4, 1e4, 0d);
        return Stream.of(
                new Extreme(new CrossEntropy(), equal, third, -2.0 / 3),
                new Extreme(new CrossEntropy(), certain, 0, 0),
                new Extreme(new CrossEntropy(), wrong, 2e4, -1),
                new Extreme(new Focal(0), equal, third, -2.0 / 3),
                new Extreme(new Focal(0.5), certain, 0, 0),
                new Extreme(new Focal(0.5), sure, 0, 0),
                new Extreme(new Focal(2), certain, 0, 0),
                new Extreme(new Focal(2), sure, 0, 0),
                new Extreme(new Focal(1), equal, 2 * third / 3, -(2.0 / 3) * (2.0 / 3 + third / 3)),
                new Extreme(new Focal(0.5), wrong, 2e4, -1),
                new Extreme(new SigmoidFocal(0), equal, 3 * half, -0.5),
                new Extreme(new SigmoidFocal(1), equal, 1.5 * half, -0.5 * (0.5 * half + 0.5)),
                new Extreme(new SigmoidFocal(0.5), certain, 0, 0),
                new Extreme(new SigmoidFocal(2), wrong, 2e4 + half / 4, -1),
                new Extreme(new Ldam(30), List.of(1d, -1d, -1d), 0, 0),
                new Extreme(new Ldam(30), List.of(-1d, 1d, -1d), 75, -30),
                new Extreme(new Ldam(1), List.of(1e4d, -1e4d, -1e4d), 0, 0));
    }

    @ParameterizedTest
    @MethodSource("extremes")
    void lossesOfExtremeLogitsAreFiniteAndRight(Extreme extreme) {
        for (String name : List.of("reference", "cpu")) {
            try (Device device = Devices.open(name, 1)) {
                check(extreme, device);
            } catch (DeviceUnavailableException e) {
                System.out.println("extreme logits on " + name + " skipped: " + e.getMessage());
            }
        }
    }

    /** Value, gradient and tangent; the margin of a loss that has one is a half. */
    private static void check(Extreme extreme, Device device) {
        Tensor logits = Input.input("logits", TensorType.f32(1, 3));
        Tensor labels = Input.input("labels", TensorType.i32(1));
        Tensor margins = Fill.fill(0.5, TensorType.f32(1));
        Tensor[] inputs =
                extreme.loss.margins() ? new Tensor[] {logits, labels, margins} : new Tensor[] {logits, labels};
        Tensor losses = new ExampleLoss(extreme.loss).apply(inputs);
        Tensor gradient = Autodiff.gradients(Sum.sum(losses), List.of(logits)).get(0);
        Tensor tangent = Autodiff.jvp(losses, List.of(logits), List.of(Fill.fill(1, logits.type())));
        List<Tensor> outputs = List.of(losses, gradient, tangent);
        try (Program program = Program.compile(device, outputs, List.of())) {
            program.set(logits, extreme.logits.stream().mapToDouble(z -> z).toArray());
            program.set(labels, new int[] {0});
            program.run();
            String where = extreme.loss + " on " + device.description();
            assertThat(program.get(losses)[0]).as(where).isCloseTo(extreme.value, within(1e-6 * (1 + extreme.value)));
            assertThat(program.get(gradient)[0]).as(where).isCloseTo(extreme.slope, within(1e-5));
            assertThat(program.get(tangent)[0])
                    .as(where)
                    .isCloseTo(Arrays.stream(program.get(gradient)).sum(), within(1e-5));
        }
    }

    @Test
    void theDerivativeOfAMarginIsThatOfTheLabelsLogitTurnedRound() {
        Tensor logits = Input.input("logits", TensorType.f32(1, 3));
        Tensor labels = Input.input("labels", TensorType.i32(1));
        Tensor margins = Input.input("margins", TensorType.f32(1));
        Tensor loss = Sum.sum(Ldam.ldam(30, logits, labels, margins));
        List<Tensor> gradients = Autodiff.gradients(loss, List.of(logits, margins));
        Evaluator evaluator = new Evaluator(
                Map.of(logits, new double[] {0.3, 0.2, -0.1}, labels, new double[] {1}, margins, new double[] {0.1}));
        assertThat(evaluator.value(gradients.get(1))[0]).isEqualTo(-evaluator.value(gradients.get(0))[1]);
    }

    @Test
    void lossesRefuseImpossibleParameters() {
        assertThatThrownBy(() -> new Focal(-0.1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SigmoidFocal(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Ldam(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aUnitVectorOfNothingIsNothingWithAFiniteDerivative() {
        Tensor vectors = Input.input("vectors", TensorType.f32(2, 2));
        Tensor y = UnitVectors.unitVectors(vectors, 1);
        List<Tensor> xs = List.of(vectors);
        Tensor tangent = Autodiff.jvp(y, xs, List.of(Fill.fill(1, vectors.type())));
        Tensor decomposed = Autodiff.jvp(
                new UnitVectors(1).decompose(new Tensor[] {vectors})[0], xs, List.of(Fill.fill(1, vectors.type())));
        Evaluator evaluator = new Evaluator(Map.of(vectors, new double[] {0, 0, 3, 4}));
        assertThat(evaluator.value(y)).containsExactly(new double[] {0, 0, 0.6, 0.8}, within(1e-15));
        // Divided by 1e-12 where the vector is shorter; ẋ − y ⟨y, ẋ⟩ over 5 where it is not.
        assertThat(evaluator.value(tangent)).containsExactly(new double[] {1e12, 1e12, 0.032, -0.024}, within(1e-3));
        assertThat(evaluator.value(decomposed)).containsExactly(new double[] {1e12, 1e12, 0.032, -0.024}, within(1e-3));
    }

    @Test
    void aLabelOutsideTheClassesNamesTheExample() {
        Tensor logits = Input.input("logits", TensorType.f32(3, 2));
        Tensor labels = Input.input("labels", TensorType.i32(3));
        Evaluator evaluator = new Evaluator(Map.of(logits, new double[6], labels, new double[] {0, 1, 2}));
        assertThatThrownBy(() -> evaluator.value(Pick.pick(logits, labels)))
                .isInstanceOf(InvalidExampleException.class)
                .hasMessageContaining("example 2")
                .hasMessageContaining("label 2")
                .extracting(e -> ((InvalidExampleException) e).example())
                .isEqualTo(2L);
    }

    private double[] gradient(Tensor y, double... at) {
        Tensor gradient = Autodiff.gradients(Sum.sum(y), List.of(x)).get(0);
        return new Evaluator(Map.of(x, at)).value(gradient);
    }
}
