package io.eider.models.nn;

import static io.eider.engine.op.primitive.Input.input;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.models.Reference;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchNormalisationTest {
    private static final int ROWS = 3 * 2 * 2;
    private static final double[] GAMMA = {1.5, -0.5};
    private static final double[] BETA = {0.25, 2};
    private static final double[] MEAN = {0.1, -0.2};
    private static final double[] VARIANCE = {0.5, 1.5};

    private final Reference reference = new Reference();
    private final double[] numbers = new Random(1).doubles(ROWS * 2, -2, 3).toArray();
    private final double[] residual = new Random(2).doubles(ROWS * 2, -2, 3).toArray();
    private final Tensor x = reference.tensor(numbers, 3, 2, 2, 2);
    private final Tensor added = reference.tensor(residual, 3, 2, 2, 2);
    private final Params params =
            Params.of(Map.of("bn.weight", reference.tensor(GAMMA, 2), "bn.bias", reference.tensor(BETA, 2)));
    private final State state = State.of(
            Map.of("bn.running_mean", reference.tensor(MEAN, 2), "bn.running_var", reference.tensor(VARIANCE, 2)));

    @Test
    void trainModeNormalisesByTheBatchAndMovesRunningStatistics() {
        Activation result = new BatchNormalisation("bn", 2, false).apply(params, state, x, Mode.TRAIN);
        double[] y = reference.numbers(result.value());
        double[] mean = reference.numbers(result.state().get("bn.running_mean"));
        double[] variance = reference.numbers(result.state().get("bn.running_var"));
        for (int c = 0; c < 2; c++) {
            double batchMean = 0;
            for (int i = 0; i < ROWS; i++) {
                batchMean += numbers[2 * i + c] / ROWS;
            }
            double squares = 0;
            for (int i = 0; i < ROWS; i++) {
                squares += (numbers[2 * i + c] - batchMean) * (numbers[2 * i + c] - batchMean);
            }
            assertThat(mean[c]).isCloseTo(0.9 * MEAN[c] + 0.1 * batchMean, within(1e-14));
            assertThat(variance[c]).isCloseTo(0.9 * VARIANCE[c] + 0.1 * squares / (ROWS - 1), within(1e-14));
            for (int i = 0; i < ROWS; i++) {
                double expected =
                        GAMMA[c] * (numbers[2 * i + c] - batchMean) / Math.sqrt(squares / ROWS + 1e-5) + BETA[c];
                assertThat(y[2 * i + c]).isCloseTo(expected, within(1e-13));
            }
        }
    }

    @Test
    void evalModeNormalisesByTheRunningStatisticsAndKeepsThem() {
        Activation result = new BatchNormalisation("bn", 2, true).apply(params, state, x, added, Mode.EVAL);
        assertThat(result.state()).isSameAs(state);
        double[] y = reference.numbers(result.value());
        for (int i = 0; i < y.length; i++) {
            int c = i % 2;
            double expected = GAMMA[c] * (numbers[i] - MEAN[c]) / Math.sqrt(VARIANCE[c] + 1e-5) + BETA[c] + residual[i];
            assertThat(y[i]).isCloseTo(Math.max(expected, 0), within(1e-13));
        }
    }

    @Test
    void oneValueAChannelHasNoVariance() {
        BatchNormalisation norm = new BatchNormalisation("bn", 2, false);
        Tensor single = input("x", TensorType.f32(1, 1, 1, 2));
        assertThatThrownBy(() -> norm.apply(params, state, single, Mode.TRAIN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bn")
                .hasMessageContaining("at least 2 values");
        assertThat(norm.apply(params, state, single, Mode.EVAL).value().shape()).isEqualTo(single.shape());
    }
}
