package io.eider.engine.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.engine.autodiff.Autodiff;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.primitive.Augment;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.op.primitive.Sum;
import io.eider.engine.program.Program;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What images from bytes are by definition, against numbers written down by hand. */
class AugmentTest {
    private final Tensor pixels = Input.input("pixels", TensorType.u8(1, 3, 4, 1));
    private final Tensor draws = Input.input("draws", TensorType.i32(1, 3));

    @Test
    void windowsOfAnImagePaddedByReflectionWithoutTheEdge() {
        assertThat(window(2, 2, 0)).containsExactly(11, 12, 13, 14, 21, 22, 23, 24, 31, 32, 33, 34);
        assertThat(window(2, 2, 1)).containsExactly(14, 13, 12, 11, 24, 23, 22, 21, 34, 33, 32, 31);
        // The first rows and columns of NumPy's pad(image, 2, mode="reflect"), and the last.
        assertThat(window(0, 0, 0)).containsExactly(33, 32, 31, 32, 23, 22, 21, 22, 13, 12, 11, 12);
        assertThat(window(4, 4, 0)).containsExactly(33, 34, 33, 32, 23, 24, 23, 22, 13, 14, 13, 12);
        // The window is turned round, not the image before it is cut.
        assertThat(window(2, 3, 1)).containsExactly(13, 14, 13, 12, 23, 24, 23, 22, 33, 34, 33, 32);
    }

    @Test
    void bytesAreUnsignedAndRoundedTo32BitsOnce() {
        Tensor two = Input.input("pixels", TensorType.u8(1, 1, 2, 2));
        Tensor images = new Augment(0, List.of(125.3, 0.1), List.of(63.0, 0.3)).apply(two, draws);
        try (Device device = Devices.open("reference", 1);
                Program program = Program.compile(device, List.of(images), List.of())) {
            program.set(two, new byte[] {0, (byte) 255, (byte) 128, 1});
            program.set(draws, new int[3]);
            program.run();
            assertThat(program.get(images))
                    .containsExactly(
                            (float) (-125.3 / 63), (float) (254.9 / 0.3), (float) (2.7 / 63), (float) (0.9 / 0.3));
        }
    }

    @Test
    void aDrawOutOfRangeNamesItsImage() {
        for (double[] bad : new double[][] {{5, 0, 0}, {0, -1, 0}, {0, 0, 2}}) {
            Evaluator evaluator = new Evaluator(Map.of(pixels, new double[12], draws, bad));
            assertThatThrownBy(() -> evaluator.value(images()))
                    .isInstanceOf(InvalidExampleException.class)
                    .hasMessageContaining("example 0")
                    .hasMessageContaining("0…4");
        }
    }

    @Test
    void nothingIsDerivedThroughIt() {
        Tensor y = images().times(images());
        assertThat(Autodiff.vjp(new Tensor[] {Sum.sum(y)}, new Tensor[] {Sum.sum(y)}, new Tensor[] {pixels, draws}))
                .containsOnlyNulls();
        assertThatThrownBy(() -> Autodiff.gradients(Sum.sum(y), List.of(pixels)))
                .hasMessageContaining("pixels")
                .hasMessageContaining("leave it out");
    }

    @Test
    void attributesThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> new Augment(0, List.of(1.0), List.of())).hasMessageContaining("means [1.0]");
        for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new Augment(0, List.of(1.0), List.of(bad))).hasMessageContaining("above 0");
        }
        assertThatThrownBy(() -> new Augment(0, List.of(Double.NaN), List.of(1.0)))
                .hasMessageContaining("finite mean");
        assertThatThrownBy(() -> new Augment(-1, List.of(), List.of())).hasMessageContaining("padding of -1");
    }

    private Tensor images() {
        return new Augment(2, List.of(0.0), List.of(1.0)).apply(pixels, draws);
    }

    private double[] window(double top, double left, double flip) {
        double[] image = {11, 12, 13, 14, 21, 22, 23, 24, 31, 32, 33, 34};
        return new Evaluator(Map.of(pixels, image, draws, new double[] {top, left, flip})).value(images());
    }
}
