package io.eider.experiments.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.engine.graph.Tensor;
import io.eider.engine.program.Program;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a network is given of a data set's bytes. */
class PixelInputsTest {
    private static final double[] MEAN = {125.3, 123.0, 113.9};
    private static final double[] DEVIATION = {63.0, 62.1, 66.7};

    @Test
    void everyWindowIsOneOfThePaddedImageNormalisedAsTheAuthorsDo() {
        // The padded image, spelled out: four reflected columns or rows on each side, edge not repeated.
        int[] source = new int[40];
        int[] before = {4, 3, 2, 1};
        int[] after = {30, 29, 28, 27};
        System.arraycopy(before, 0, source, 0, 4);
        System.arraycopy(after, 0, source, 36, 4);
        for (int i = 0; i < 32; i++) {
            source[4 + i] = i;
        }
        PixelInputs inputs = PixelInputs.of("", 9);
        Tensor images = inputs.images();
        byte[] bytes = new byte[9 * 32 * 32 * 3];
        new Random(1).nextBytes(bytes);
        int[] draws = new int[9 * 3];
        float[] out = new float[bytes.length];
        try (Device device = Devices.open("cpu", 1);
                Program program = Program.compile(device, List.of(images), List.of())) {
            for (int top = 0; top <= 8; top++) {
                for (int flip = 0; flip <= 1; flip++) {
                    for (int left = 0; left <= 8; left++) {
                        draws[3 * left] = top;
                        draws[3 * left + 1] = left;
                        draws[3 * left + 2] = flip;
                    }
                    inputs.set(program, bytes, draws);
                    program.run();
                    program.get(images, out);
                    for (int i = 0; i < out.length; i++) {
                        int image = i / 3072;
                        int y = i / 96 % 32;
                        int shown = i / 3 % 32;
                        int x = flip == 1 ? 31 - shown : shown;
                        int from = ((image * 32 + source[top + y]) * 32 + source[image + x]) * 3 + i % 3;
                        float expected = (float) (((bytes[from] & 0xff) - MEAN[i % 3]) / DEVIATION[i % 3]);
                        assertThat(out[i]).isEqualTo(expected);
                    }
                }
            }
        }
    }
}
