package io.eider.engine.autodiff;

import static io.eider.engine.op.fused.CrossEntropy.crossEntropy;
import static io.eider.engine.op.primitive.Conv2d.conv2d;
import static io.eider.engine.op.primitive.Input.input;
import static io.eider.engine.op.primitive.Matmul.matmul;
import static io.eider.engine.op.primitive.Sum.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.engine.backend.Devices;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Evaluator;
import io.eider.engine.op.fused.BatchNorm;
import io.eider.engine.op.fused.BatchNormGradient;
import io.eider.engine.op.fused.BatchNormTangent;
import io.eider.engine.program.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opentest4j.TestAbortedException;

/**
 * The method's meta-gradient ∂L_dev(θ̃(ε))/∂ε at ε = 0, where θ̃(ε) = θ − η·∇_θ c·Σ_i (w_i + ε_i)·l_i(θ), on a small
 * residual network whose batch norms use the statistics of the batch, so that every l_i depends on every image. One
 * Jacobian-vector product, −η·c·⟨∇l_i(θ), ∇L_dev(θ̃)⟩ for all i at once, must give what reverse over reverse gives and
 * what differences of the whole look-ahead give (Jamal et al. 2020, section 3.2).
 */
class MetaGradientTest {
    private static final int BATCH = 6;
    private static final int DEVELOPMENT = 4;
    private static final int CLASSES = 3;
    private static final int CHANNELS = 4;

    /** Large, so that the look-ahead leaves the neighbourhood where it could be mistaken for θ. */
    private static final double ETA = 0.2;

    /** How the losses of a batch become one. */
    private enum Reduction {
        SUM(1),
        MEAN(1.0 / BATCH);

        final double factor;

        Reduction(double factor) {
            this.factor = factor;
        }
    }

    private final Random random = new Random(20200619);
    private final Map<Tensor, double[]> numbers = new HashMap<>();

    private final List<Tensor> theta = List.of(
            parameter(0.5, CHANNELS, 3, 3, 2),
            ones(CHANNELS),
            parameter(0.3, CHANNELS),
            parameter(0.5, CHANNELS, 3, 3, CHANNELS),
            ones(CHANNELS),
            parameter(0.3, CHANNELS),
            parameter(0.5, CHANNELS, CLASSES),
            parameter(0.3, CLASSES));
    private final Tensor images = parameter(1, BATCH, 5, 5, 2);
    private final Tensor labels = labels(BATCH);
    private final Tensor developmentImages = parameter(1, DEVELOPMENT, 5, 5, 2);
    private final Tensor developmentLabels = labels(DEVELOPMENT);
    private final Tensor weights = parameter(1, BATCH);
    private final Tensor epsilon = known(input("epsilon", TensorType.f32(BATCH)), new double[BATCH]);

    private final Tensor losses = crossEntropy(network(theta, images), labels);

    @ParameterizedTest
    @EnumSource
    void threeWaysAgree(Reduction reduction) {
        LookAhead lookAhead = new LookAhead(reduction.factor);
        Evaluator evaluator = new Evaluator(numbers);
        double[] reverse = evaluator.value(
                Autodiff.gradients(lookAhead.loss, List.of(epsilon)).get(0));
        double[] forward = evaluator.value(lookAhead.byJvp());

        double largest = Arrays.stream(reverse).map(Math::abs).max().orElseThrow();
        assertThat(largest)
                .as("a meta-gradient of zeros would agree with anything")
                .isGreaterThan(1e-3);
        assertThat(forward).containsExactly(reverse, within(1e-10 * largest));
        assertThat(differences(lookAhead.loss)).containsExactly(reverse, within(1e-6 * largest));
    }

    @TestFactory
    Stream<DynamicTest> everyBackendAgrees() {
        return Devices.backends().stream()
                .map(backend -> DynamicTest.dynamicTest(backend.name(), () -> {
                    try (Device device = backend.open(2)) {
                        agrees(device, backend.name().equals("reference") ? 0x1p-52 : 0x1p-23);
                    } catch (DeviceUnavailableException e) {
                        System.out.println("meta-gradient on " + backend.name() + " skipped: " + e.getMessage());
                        throw new TestAbortedException(e.getMessage(), e);
                    }
                }));
    }

    private void agrees(Device device, double eps) {
        LookAhead lookAhead = new LookAhead(1);
        Tensor byJvp = lookAhead.byJvp();
        Tensor byReverse = Autodiff.gradients(lookAhead.loss, List.of(epsilon)).get(0);
        double[] expected = new Evaluator(numbers).value(byJvp);
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        // Some thirty ops in a row, of sums of up to 150 terms: 30 · eps · √150.
        double tolerance = 370 * eps * largest;
        try (Program program = Program.compile(device, List.of(byJvp, byReverse), List.of())) {
            numbers.forEach((input, values) -> {
                if (input.dtype() == DType.I32) {
                    program.set(
                            input,
                            Arrays.stream(values).mapToInt(label -> (int) label).toArray());
                } else {
                    program.set(input, values);
                }
            });
            program.run();
            assertThat(program.get(byJvp)).containsExactly(expected, within(tolerance));
            assertThat(program.get(byReverse)).containsExactly(expected, within(tolerance));
        }
    }

    @Test
    void aMeanLookAheadIsNotASumLookAhead() {
        double[] sum = new Evaluator(numbers).value(new LookAhead(Reduction.SUM.factor).byJvp());
        double[] mean = new Evaluator(numbers).value(new LookAhead(Reduction.MEAN.factor).byJvp());
        // Were it only the factor c outside, these would be equal; θ̃ moves too.
        assertThat(IntStream.range(0, BATCH)
                        .mapToDouble(i -> mean[i] * BATCH - sum[i])
                        .map(Math::abs)
                        .max()
                        .orElseThrow())
                .isGreaterThan(1e-3);
    }

    @Test
    void theFusedRulesAreOnThePath() {
        LookAhead lookAhead = new LookAhead(1);
        List<Class<?>> forward = ops(lookAhead.byJvp());
        assertThat(forward).contains(BatchNorm.class, BatchNormGradient.class, BatchNormTangent.class);
    }

    @Test
    void everyLossDependsOnEveryImage() {
        // Guards the test itself: with fixed statistics no loss would depend on another example's image.
        double[] before = new Evaluator(numbers).value(losses);
        double[] pixels = numbers.get(images).clone();
        pixels[pixels.length - 1] += 1;
        Map<Tensor, double[]> other = new HashMap<>(numbers);
        other.put(images, pixels);
        double[] after = new Evaluator(other).value(losses);
        assertThat(Math.abs(after[0] - before[0]))
                .as("the first loss, after a change of the last image")
                .isGreaterThan(1e-4);
    }

    /** The look-ahead at ε and the loss there. */
    private final class LookAhead {
        private final double factor;
        private final List<Tensor> ahead;
        private final Tensor loss;

        LookAhead(double factor) {
            this.factor = factor;
            Tensor training = sum(weights.plus(epsilon).times(losses)).times(factor);
            List<Tensor> gradients = Autodiff.gradients(training, theta);
            ahead = IntStream.range(0, theta.size())
                    .mapToObj(i -> theta.get(i).minus(gradients.get(i).times(ETA)))
                    .toList();
            loss = sum(crossEntropy(network(ahead, developmentImages), developmentLabels))
                    .times(1.0 / DEVELOPMENT);
        }

        /** −η·c·j, where j is the tangent of the losses at θ along the development gradient at θ̃. */
        Tensor byJvp() {
            return Autodiff.jvp(losses, theta, Autodiff.gradients(loss, ahead)).times(-ETA * factor);
        }
    }

    /** Convolution, batch norm, ReLU; the same with a residual; mean over places; linear. */
    private static Tensor network(List<Tensor> p, Tensor x) {
        Tensor first = new BatchNorm(1e-5, false, true).apply(conv2d(x, p.get(0), 1, 1), p.get(1), p.get(2));
        Tensor second = new BatchNorm(1e-5, true, true).apply(conv2d(first, p.get(3), 1, 1), p.get(4), p.get(5), first);
        Tensor features = sum(second, 1, 2).times(1.0 / 25);
        return matmul(features, p.get(6)).plus(p.get(7));
    }

    private double[] differences(Tensor loss) {
        // The cube root of 2⁻⁵², where rounding and curvature cost the same.
        double step = 6e-6;
        double[] result = new double[BATCH];
        for (int i = 0; i < BATCH; i++) {
            result[i] = (lossAt(loss, i, step) - lossAt(loss, i, -step)) / (2 * step);
        }
        return result;
    }

    private double lossAt(Tensor loss, int example, double value) {
        Map<Tensor, double[]> moved = new HashMap<>(numbers);
        double[] at = new double[BATCH];
        at[example] = value;
        moved.put(epsilon, at);
        return new Evaluator(moved).value(loss)[0];
    }

    private static List<Class<?>> ops(Tensor of) {
        List<Class<?>> classes = new ArrayList<>();
        for (Node node : new Graph(List.of(of), List.of()).nodes()) {
            classes.add(node.op().getClass());
        }
        return classes;
    }

    private Tensor parameter(double scale, int... dims) {
        Tensor tensor = input("parameter", TensorType.f32(dims));
        return known(
                tensor, random.doubles(tensor.shape().size(), -scale, scale).toArray());
    }

    private Tensor ones(int n) {
        return known(
                input("ones", TensorType.f32(n)),
                IntStream.range(0, n).mapToDouble(i -> 1).toArray());
    }

    private Tensor labels(int n) {
        return known(
                input("labels", TensorType.i32(n)),
                IntStream.range(0, n).mapToDouble(i -> i % CLASSES).toArray());
    }

    private Tensor known(Tensor tensor, double[] values) {
        numbers.put(tensor, values);
        return tensor;
    }
}
