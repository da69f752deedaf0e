package io.eider.engine.op;

import static io.eider.engine.op.primitive.MaxPool.maxPool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.eider.engine.autodiff.Autodiff;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.primitive.Exp;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.op.primitive.MaxPool;
import io.eider.engine.op.primitive.PickInWindow;
import io.eider.engine.op.primitive.PlaceInWindow;
import io.eider.engine.op.primitive.Sum;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What max pooling and its derivatives are by definition, against numbers written down by hand. */
class MaxPoolTest {
    private static final double NAN = Double.NaN;
    private static final double LOWEST = Double.NEGATIVE_INFINITY;

    private final Tensor image = Input.input("image", TensorType.f32(1, 3, 4, 1));
    private final Node pooled = new Node(new MaxPool(3, 2, 1), List.of(image));

    /** Four windows, which begin at rows −1 and 1 and columns −1 and 1, and share the second row and column. */
    private static final double[] PIXELS = {
        1, 2, 3, 4,
        5, 9, 6, 7,
        8, 0, 2, 1
    };

    @Test
    void theLargestPixelOfEachWindowAndItsPlace() {
        assertThat(value(pooled.output(0), PIXELS)).containsExactly(9, 9, 9, 9);
        assertThat(value(pooled.output(1), PIXELS)).containsExactly(8, 6, 2, 0);
    }

    @Test
    void paddingIsNeverChosen() {
        double[] negative = new double[12];
        for (int i = 0; i < 12; i++) {
            negative[i] = -PIXELS[i] - 1;
        }
        assertThat(value(pooled.output(0), negative)).containsExactly(-2, -3, -1, -1);
        assertThat(value(pooled.output(1), negative)).containsExactly(4, 3, 5, 3);
        double[] lowest = new double[12];
        Arrays.fill(lowest, LOWEST);
        assertThat(value(pooled.output(0), lowest)).containsOnly(LOWEST);
        assertThat(value(pooled.output(1), lowest)).containsExactly(4, 3, 1, 0);
    }

    @Test
    void amongEqualsTheFirstIsChosenAndHasAllOfTheDerivative() {
        double[] equal = {7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7};
        assertThat(value(pooled.output(1), equal)).containsExactly(4, 3, 1, 0);
        assertThat(value(gradient(), equal)).containsExactly(1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0);
        double[] zeros = {-0.0, 0, -0.0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        assertThat(value(pooled.output(1), zeros)).containsExactly(4, 3, 1, 0);
    }

    @Test
    void nanIsChosenBeforeAnyNumberAndTheFirstOfThem() {
        double[] broken = {1, 2, 3, 4, NAN, 9, 6, NAN, 8, 0, NAN, Double.POSITIVE_INFINITY};
        assertThat(value(pooled.output(0), broken)).containsOnly(NAN);
        assertThat(value(pooled.output(1), broken)).containsExactly(7, 8, 1, 2);
    }

    @Test
    void cotangentsOfOverlappingWindowsAreAddedUp() {
        assertThat(value(gradient(), PIXELS)).containsExactly(0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void pixelsInNoWindowHaveNoDerivative() {
        Tensor sum = Sum.sum(maxPool(image, 2, 2, 0));
        Tensor gradient = Autodiff.gradients(sum, List.of(image)).get(0);
        assertThat(value(gradient, PIXELS)).containsExactly(0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0);
    }

    @Test
    void aPlaceInThePaddingOrOutsideItsWindowIsNowhere() {
        Tensor places = Input.input("places", TensorType.u8(1, 2, 2, 1));
        Tensor g = Input.input("g", TensorType.f32(1, 2, 2, 1));
        Map<Tensor, double[]> known =
                Map.of(image, PIXELS, places, new double[] {0, 9, 255, 5}, g, new double[] {1, 2, 3, 4});
        assertThat(new Evaluator(known).value(new PickInWindow(3, 2, 1).apply(image, places)))
                .containsExactly(0, 0, 0, 1);
        assertThat(new Evaluator(known).value(new PlaceInWindow(3, 2, 1, 3, 4).apply(g, places)))
                .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4);
    }

    /** The Hessian of Σ eʸ moves a direction to the chosen places, scales it by eʸ and moves it back. */
    @Test
    void secondDerivativesGoThroughIt() {
        Tensor direction = Input.input("direction", image.type());
        List<Tensor> xs = List.of(image);
        Tensor value = Sum.sum(Exp.exp(pooled.output(0).times(0.1)));
        Tensor gradient = Autodiff.gradients(value, xs).get(0);
        Tensor forwardOverReverse = Autodiff.jvp(gradient, xs, List.of(direction));
        Tensor reverseOverReverse =
                Autodiff.gradients(Sum.sum(gradient.times(direction)), xs).get(0);
        Tensor tangent = Autodiff.jvp(value, xs, List.of(direction));
        Tensor reverseOverForward = Autodiff.gradients(tangent, xs).get(0);
        double[] moved = new double[12];
        moved[5] = 2;
        moved[0] = 1;
        double[] expected = new double[12];
        expected[5] = 4 * 0.01 * Math.exp(0.9) * 2;
        Evaluator evaluator = new Evaluator(Map.of(image, PIXELS, direction, moved));
        for (Tensor second : List.of(forwardOverReverse, reverseOverReverse, reverseOverForward)) {
            assertThat(evaluator.value(second)).containsExactly(expected, within(1e-14));
        }
    }

    @Test
    void anEmptyBatchHasNoResults() {
        Tensor none = Input.input("none", TensorType.f32(0, 5, 5, 3));
        Tensor y = maxPool(none, 3, 2, 1);
        assertThat(y.shape().dims()).containsExactly(0, 3, 3, 3);
        assertThat(new Evaluator(Map.of(none, new double[0])).value(y)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 0, window must be 1 to 15",
        "16, 1, 0, window must be 1 to 15",
        "3, 0, 1, stride must be at least 1",
        "3, 1, -1, padding at least 0",
        "3, 1, 3, padding must be less than its window",
        "4, 1, 0, a window of 4 does not fit an image of 3 with padding 0",
        "5, 1, 0, a window of 5 does not fit an image of 3 with padding 0",
    })
    void impossibleWindowsAreRefused(int window, int stride, int padding, String reason) {
        assertThatThrownBy(() -> maxPool(image, window, stride, padding))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("MaxPool")
                .hasMessageContaining(reason);
    }

    @Test
    void imagesWithoutPixelsAndResultsOfOtherImagesAreRefused() {
        Tensor flat = Input.input("flat", TensorType.f32(1, 0, 4, 1));
        assertThatThrownBy(() -> maxPool(flat, 2, 1, 1)).hasMessageContaining("at least one pixel");
        Tensor empty = Input.input("empty", TensorType.f32(1, 4, 4, 0));
        assertThatThrownBy(() -> maxPool(empty, 2, 1, 1)).hasMessageContaining("one channel");
        Tensor huge = Input.input("huge", TensorType.f32(1, 1 << 14, 1 << 14, 8));
        assertThatThrownBy(() -> maxPool(huge, 2, 1, 0)).hasMessageContaining("fewer than 2^31 elements");
        Tensor places = pooled.output(1);
        Tensor g = Input.input("g", TensorType.f32(1, 2, 2, 1));
        assertThatThrownBy(() -> new PlaceInWindow(3, 2, 1, 5, 4).apply(g, places))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("places [1, 3, 2, 1]");
        assertThatThrownBy(() -> new PlaceInWindow(3, 2, 1, -3, 4).apply(g, places))
                .isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> new PickInWindow(2, 2, 1).apply(image, places))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("places [1, 2, 3, 1]");
    }

    private Tensor gradient() {
        return Autodiff.gradients(Sum.sum(pooled.output(0)), List.of(image)).get(0);
    }

    private double[] value(Tensor tensor, double[] pixels) {
        return new Evaluator(Map.of(image, pixels)).value(tensor);
    }
}
