package io.eider.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.eider.engine.backend.Buffer;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.cpu.ConvolutionKernels.AnyPrecision;
import io.eider.engine.backend.planned.Block;
import io.eider.engine.backend.planned.HostBuffer;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.primitive.Conv2d;
import io.eider.engine.op.primitive.Conv2dGradFilter;
import io.eider.engine.op.primitive.Conv2dGradInput;
import io.eider.engine.op.primitive.Input;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of the two ways to convolve bf16 a processor runs one; both are checked where it can run both. */
class BFloat16ConvolutionTest {
    private final List<Block> blocks = new ArrayList<>();
    private Device cpu;

    @BeforeEach
    void open() {
        cpu = new CpuBackend().open(2);
        if (!OneDnn.hasAvx512()) {
            System.out.println("skipped: convolutions of bf16 need AVX-512, this is " + cpu.description());
        }
        Assumptions.assumeTrue(OneDnn.hasAvx512(), "convolutions of bf16 need AVX-512");
    }

    @AfterEach
    void close() {
        blocks.forEach(Block::close);
        cpu.close();
    }

    @ParameterizedTest
    @CsvSource({
        "4, 9, 16, 16, 3, 1",
        "2, 8, 3, 16, 3, 1",
        "2, 9, 16, 32, 3, 2",
        "2, 8, 32, 64, 3, 2",
        "2, 8, 17, 5, 1, 1",
        // On tiles where there are some: two images side by side, and a row each.
        "3, 8, 32, 64, 3, 1",
        "2, 16, 64, 32, 3, 1",
        // In blocks of 10; and in one, for no part of a prime number is near the size of a cache.
        "40, 32, 16, 16, 3, 1",
        "37, 32, 16, 16, 3, 2",
    })
    void theyGiveTheSameNumbers(int n, int size, int in, int out, int filter, int stride) {
        int padding = (filter - 1) / 2;
        Tensor x = input(n, size, size, in);
        Tensor w = input(out, filter, filter, in);
        Tensor y = Conv2d.conv2d(x, w, stride, padding);
        Tensor g = input(y.shape().dims());
        agree(y.node());
        agree(new Conv2dGradInput(stride, padding, size, size).apply(g, w).node());
        agree(new Conv2dGradFilter(stride, padding, filter, filter).apply(x, g).node());
    }

    private void agree(Node node) {
        AnyPrecision convolution = ConvolutionKernels.all().stream()
                .map(AnyPrecision.class::cast)
                .filter(kernel -> kernel.op() == node.op().getClass())
                .findFirst()
                .orElseThrow();
        double[] native16 = run(convolution.kernel().prepare(node), node);
        double[] widened = run(new Widened(node, convolution.kernel()), node);
        int neighbours = 0;
        double scale = 0;
        for (double number : widened) {
            scale = Math.max(scale, Math.abs(number));
        }
        for (int i = 0; i < widened.length; i++) {
            double off = Math.abs(native16[i] - widened[i]);
            // Two orders of one sum of up to 2·81·4 products; and where that lies across, the next number of bf16.
            double arithmetic = 64 * 0x1p-23 * scale;
            boolean narrow = node.type(0).dtype() == DType.BF16;
            assertThat(off)
                    .as("%s [%d]", node, i)
                    .isLessThanOrEqualTo(arithmetic + (narrow ? 0x1p-7 * Math.abs(widened[i]) : 0));
            neighbours += off > arithmetic ? 1 : 0;
        }
        assertThat(neighbours).isLessThanOrEqualTo(1 + widened.length / 20);
    }

    private double[] run(Kernel.Prepared kernel, Node node) {
        Random random = new Random(5);
        long[] inputs = node.inputs().stream()
                .mapToLong(input -> drawn(random, input.type()))
                .toArray();
        Block output = block(node.type(0).bytes());
        Block workspace = block(kernel.workspaceBytes());
        try (kernel) {
            kernel.bind(inputs, new long[] {output.address()}, workspace.address());
            kernel.run();
        }
        double[] numbers = new double[(int) node.type(0).shape().size()];
        new HostBuffer(node.type(0), output).read(numbers);
        return numbers;
    }

    private long drawn(Random random, TensorType type) {
        Block block = block(type.bytes());
        Buffer buffer = new HostBuffer(type, block);
        buffer.write(random.doubles(type.shape().size(), -1, 1).toArray());
        return block.address();
    }

    private Block block(long bytes) {
        Block block = NativeMemory.zeros("a test", bytes);
        blocks.add(block);
        return block;
    }

    private static Tensor input(int... dims) {
        return Input.input("", new TensorType(DType.BF16, Shape.of(dims)));
    }
}
