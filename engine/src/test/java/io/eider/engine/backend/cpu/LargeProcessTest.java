package io.eider.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.eider.engine.backend.Device;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.graph.Variable;
import io.eider.engine.op.primitive.Conv2d;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.program.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

/** Tensors may take many times the memory of Java's heap. In a process of its own, whose heap is small. */
class LargeProcessTest {
    private static final int HEAP_MB = 40;
    private static final int TENSOR_MB = 400;

    @Test
    void tensorsMayBeTenTimesTheHeap() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + HEAP_MB + "m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        LargeProcessTest.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("loaded");
    }

    /**
     * Loads a program when the process is large already.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        try (Device device = new CpuBackend().open(1)) {
            device.variable(new Variable("large", TensorType.f32(TENSOR_MB, 1 << 18)));
            long resident = Pointer.physicalBytes() >> 20;
            if (resident < 5 * HEAP_MB) {
                throw new IllegalStateException("the process has only " + resident + " MB");
            }
            Tensor x = Input.input("x", TensorType.f32(2, 8, 8, 16));
            Tensor y = Conv2d.conv2d(x, Input.input("w", TensorType.f32(16, 3, 3, 16)), 2, 1);
            try (Program program = Program.compile(device, List.of(y), List.of())) {
                System.out.println("loaded " + program.arenaBytes());
            }
        }
    }
}
