package io.eider.engine.autodiff;

import static io.eider.engine.op.primitive.Exp.exp;
import static io.eider.engine.op.primitive.Input.input;
import static io.eider.engine.op.primitive.Log.log;
import static io.eider.engine.op.primitive.StopGradient.stopGradient;
import static io.eider.engine.op.primitive.Sum.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Evaluator;
import io.eider.engine.op.UnaryElementwise;
import io.eider.engine.op.fused.BatchNorm;
import io.eider.engine.op.primitive.Matmul;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the two walks do with graphs; what each op's rules do is {@code OpCheck}'s business. */
class AutodiffTest {
    private final Tensor x = input("x", TensorType.f32());
    private final Tensor y = input("y", TensorType.f32());
    private final Tensor one = input("one", TensorType.f32());
    private final Tensor zero = input("zero", TensorType.f32());

    @Test
    void aCompositeHasTheGradientThatCalculusSays() {
        Tensor z = log(x.times(y).plus(exp(x)));
        List<Tensor> gradients = Autodiff.gradients(z, List.of(x, y));
        double denominator = 3 * 2 + Math.exp(3);
        assertThat(at(3, 2, gradients.get(0))).isCloseTo((2 + Math.exp(3)) / denominator, within(1e-15));
        assertThat(at(3, 2, gradients.get(1))).isCloseTo(3 / denominator, within(1e-15));
    }

    @Test
    void aSharedSubexpressionCountsOncePerUse() {
        Tensor shared = x.times(x);
        Tensor z = shared.times(shared).plus(shared);
        assertThat(at(3, 0, gradient(z, x))).isEqualTo(4 * 27 + 6);
        assertThat(at(3, 0, Autodiff.jvp(z, List.of(x), List.of(one)))).isEqualTo(4 * 27 + 6);
    }

    @Test
    void aChainOfSharedSubexpressionsIsWalkedOnce() {
        Tensor z = x;
        for (int i = 0; i < 50; i++) {
            z = z.plus(z);
        }
        // Walked use by use this would be 2⁵⁰ steps.
        assertThat(at(1, 0, gradient(z, x))).isEqualTo(0x1p50);
        assertThat(at(1, 0, Autodiff.jvp(z, List.of(x), List.of(one)))).isEqualTo(0x1p50);
    }

    @Test
    void oneTensorMayBeEveryInputOfAnOp() {
        assertThat(at(3, 0, gradient(x.times(x), x))).isEqualTo(6);
        assertThat(at(3, 0, gradient(x.minus(x), x))).isEqualTo(0);
        assertThat(at(3, 0, gradient(x.dividedBy(x), x))).isEqualTo(0);
        Tensor square = input("a", TensorType.f32(2, 2));
        Tensor trace = sum(Matmul.matmul(square, square));
        Tensor gradient = Autodiff.gradients(trace, List.of(square)).get(0);
        assertThat(new Evaluator(Map.of(square, new double[] {1, 2, 3, 4})).value(gradient))
                .containsExactly(7, 11, 9, 13);
    }

    @Test
    void oneTensorMayBeTwoInputsOfAFusedOpThatDifferentiatesItsDecomposition() {
        Tensor image = input("image", TensorType.f32(3, 2));
        Tensor channel = input("channel", TensorType.f32(2));
        Tensor twice = sum(weighted(new BatchNorm(0.1, false, false).apply(image, channel, channel)));
        Tensor other = input("other", TensorType.f32(2));
        Tensor apart = sum(weighted(new BatchNorm(0.1, false, false).apply(image, channel, other)));
        List<Tensor> parts = Autodiff.gradients(apart, List.of(channel, other));
        double[] pixels = {1, 2, 4, -1, 0, 3};
        double[] numbers = {0.5, 2};
        Evaluator evaluator = new Evaluator(Map.of(image, pixels, channel, numbers, other, numbers));
        assertThat(evaluator.value(Autodiff.gradients(twice, List.of(channel)).get(0)))
                .containsExactly(evaluator.value(parts.get(0).plus(parts.get(1))), within(1e-14));
    }

    @Test
    void aVariableThatIsNotOnThePathHasZeros() {
        Tensor far = input("far", TensorType.f32(2, 3));
        Tensor z = x.times(x);
        assertThat(new Evaluator(Map.of())
                        .value(Autodiff.gradients(z, List.of(x, far)).get(1)))
                .containsExactly(0, 0, 0, 0, 0, 0);
        assertThat(at(3, 0, Autodiff.jvp(z, List.of(far), List.of(far)))).isZero();
    }

    @Test
    void theRuleOfAnOpOffThePathIsNotAsked() {
        Tensor unrelated = new NoRules().apply(y);
        assertThat(at(3, 2, gradient(x.times(unrelated), x))).isEqualTo(2);
    }

    @Test
    void aPathFromOneXThroughAnotherIsNotFollowed() {
        Tensor middle = x.times(x);
        Tensor z = middle.times(x);
        List<Tensor> gradients = Autodiff.gradients(z, List.of(x, middle));
        assertThat(at(3, 0, gradients.get(0))).as("x² only, not 3x²").isEqualTo(9);
        assertThat(at(3, 0, gradients.get(1))).isEqualTo(3);
        assertThat(at(3, 0, gradient(z, x))).isEqualTo(27);

        Tensor alongX = Autodiff.jvp(z, List.of(x, middle), List.of(one, zero));
        assertThat(at(3, 0, alongX)).as("middle stays where it is").isEqualTo(9);
    }

    @Test
    void anXMayBeTheResult() {
        assertThat(at(3, 0, gradient(x, x))).isEqualTo(1);
        assertThat(at(3, 0, Autodiff.jvp(x, List.of(x), List.of(one)))).isEqualTo(1);
    }

    @Test
    void stopGradientStopsBothModesAndNothingElse() {
        Tensor z = x.times(stopGradient(x));
        assertThat(at(3, 0, z)).isEqualTo(9);
        assertThat(at(3, 0, gradient(z, x))).isEqualTo(3);
        assertThat(at(3, 0, Autodiff.jvp(z, List.of(x), List.of(one)))).isEqualTo(3);
        assertThat(at(3, 0, gradient(gradient(z, x), x))).isZero();
    }

    @Test
    void thirdDerivativesInAnyMixtureOfModes() {
        Tensor z = x.times(x).times(x).times(x);
        Tensor rrr = gradient(gradient(gradient(z, x), x), x);
        Tensor frf = forward(gradient(forward(z), x));
        Tensor fff = forward(forward(forward(z)));
        assertThat(List.of(at(2, 0, rrr), at(2, 0, frf), at(2, 0, fff))).containsOnly(48.0);
    }

    @Test
    void aMissingRuleThrowsAndNeverMeansZero() {
        Tensor z = new NoRules().apply(x);
        assertThatThrownBy(() -> gradient(z, x)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> forward(z)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aRuleThatLeavesOutAnEntryIsAnError() {
        Tensor z = new ShortRules().apply(x);
        assertThatThrownBy(() -> gradient(z, x))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("vjp of ShortRules[] has 0 entries, not 1");
        assertThatThrownBy(() -> forward(z))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("jvp of ShortRules[] has 0 entries, not 1");
    }

    @Test
    void aRuleOfTheWrongShapeIsAnError() {
        Tensor z = new WrongShape().apply(x);
        assertThatThrownBy(() -> gradient(z, x))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("vjp of WrongShape[] has type f32[2] but its primal is f32[]");
        assertThatThrownBy(() -> forward(z)).hasMessageContaining("jvp of WrongShape[] has type f32[2]");
    }

    @Test
    void onlyScalarsHaveGradients() {
        Tensor vector = input("v", TensorType.f32(3));
        assertThatThrownBy(() -> Autodiff.gradients(vector, List.of(vector)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("f32[3]")
                .hasMessageContaining("reduce it first");
        Tensor label = input("label", TensorType.i32());
        assertThatThrownBy(() -> Autodiff.gradients(label, List.of(label))).hasMessageContaining("i32[]");
    }

    @Test
    void aTangentHasTheShapeOfItsX() {
        Tensor vector = input("v", TensorType.f32(3));
        assertThatThrownBy(() -> Autodiff.jvp(x, List.of(x), List.of(vector)))
                .hasMessageContaining("tangent has type f32[3] but its primal is f32[]");
        assertThatThrownBy(() -> Autodiff.jvp(x, List.of(x, y), List.of(one)))
                .hasMessageContaining("2 xs need as many tangents, got 1");
    }

    @Test
    void anXStandsOnce() {
        assertThatThrownBy(() -> Autodiff.gradients(x, List.of(x, x))).hasMessageContaining("twice");
        assertThatThrownBy(() -> Autodiff.jvp(x, List.of(x, x), List.of(one, one)))
                .hasMessageContaining("twice");
    }

    private double at(double xValue, double yValue, Tensor tensor) {
        Map<Tensor, double[]> known =
                Map.of(x, new double[] {xValue}, y, new double[] {yValue}, one, new double[] {1}, zero, new double[1]);
        return new Evaluator(known).value(tensor)[0];
    }

    /** Elements multiplied by different numbers, so that a sum over rows does not cancel them. */
    private static Tensor weighted(Tensor matrix) {
        return matrix.times(matrix).times(matrix);
    }

    private static Tensor gradient(Tensor of, Tensor x) {
        return Autodiff.gradients(of, List.of(x)).get(0);
    }

    private Tensor forward(Tensor of) {
        return Autodiff.jvp(of, List.of(x), List.of(one));
    }

    /** An op that cannot be differentiated. */
    private record NoRules() implements UnaryElementwise {
        @Override
        public double of(double x) {
            return x;
        }

        @Override
        public Tensor[] vjp(Node node, Tensor[] cotangents) {
            throw new UnsupportedOperationException(this + " has no vjp");
        }

        @Override
        public Tensor[] jvp(Node node, Tensor[] tangents) {
            throw new UnsupportedOperationException(this + " has no jvp");
        }
    }

    /** An op whose rules forget their only entry. */
    private record ShortRules() implements UnaryElementwise {
        @Override
        public double of(double x) {
            return x;
        }

        @Override
        public Tensor[] vjp(Node node, Tensor[] cotangents) {
            return new Tensor[0];
        }

        @Override
        public Tensor[] jvp(Node node, Tensor[] tangents) {
            return new Tensor[0];
        }
    }

    /** An op whose rules give a vector for a scalar. */
    private record WrongShape() implements UnaryElementwise {
        @Override
        public double of(double x) {
            return x;
        }

        @Override
        public Tensor[] vjp(Node node, Tensor[] cotangents) {
            return new Tensor[] {input("wrong", TensorType.f32(2))};
        }

        @Override
        public Tensor[] jvp(Node node, Tensor[] tangents) {
            return new Tensor[] {input("wrong", TensorType.f32(2))};
        }
    }
}
