package io.eider.models.nn;

import static io.eider.engine.op.primitive.Input.input;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.engine.graph.Shape;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.models.Reference;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaddedShortcutTest {
    private final Reference reference = new Reference();

    @ParameterizedTest
    @CsvSource({"2, 8, 8, 4, 8", "1, 7, 5, 3, 7", "3, 1, 1, 2, 2"})
    void takesEverySecondPixelAndCentresTheChannels(int n, int h, int w, int c, int outputs) {
        double[] x = new Random(1).doubles((long) n * h * w * c).toArray();
        Tensor y = PaddedShortcut.shortcut(reference.tensor(x, n, h, w, c), outputs);
        int rows = (h + 1) / 2;
        int columns = (w + 1) / 2;
        assertThat(y.shape()).isEqualTo(Shape.of(n, rows, columns, outputs));
        double[] expected = new double[n * rows * columns * outputs];
        for (int i = 0; i < n; i++) {
            for (int p = 0; p < rows; p++) {
                for (int q = 0; q < columns; q++) {
                    for (int k = 0; k < c; k++) {
                        expected[((i * rows + p) * columns + q) * outputs + (outputs - c) / 2 + k] =
                                x[((i * h + 2 * p) * w + 2 * q) * c + k];
                    }
                }
            }
        }
        assertThat(reference.numbers(y)).containsExactly(expected);
    }

    @Test
    void channelsThatCannotBeHalvedAreRefused() {
        Tensor x = input("x", TensorType.f32(1, 4, 4, 3));
        assertThatThrownBy(() -> PaddedShortcut.shortcut(x, 6)).hasMessageContaining("even number");
        assertThatThrownBy(() -> PaddedShortcut.shortcut(x, 1)).hasMessageContaining("even number");
    }
}
