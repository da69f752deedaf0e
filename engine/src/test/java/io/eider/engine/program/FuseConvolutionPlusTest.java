package io.eider.engine.program;

import static io.eider.engine.op.primitive.Conv2d.conv2d;
import static io.eider.engine.op.primitive.Input.input;
import static io.eider.engine.op.primitive.Relu.relu;
import static io.eider.engine.op.primitive.Sum.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.eider.engine.autodiff.Autodiff;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.fused.ConvolutionPlus;
import io.eider.engine.op.primitive.Conv2d;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** Convolutions and the additions of their results, as tangents and shortcuts make them. */
class FuseConvolutionPlusTest {
    private final Tensor x = input("x", TensorType.f32(1, 4, 6, 16));
    private final Tensor w = input("w", TensorType.f32(16, 3, 3, 16));
    private final Tensor tx = input("tx", x.type());
    private final Tensor tw = input("tw", w.type());
    private final Tensor y = conv2d(x, w, 1, 1);
    private final Tensor tangent = Autodiff.jvp(y, List.of(x, w), List.of(tx, tw));
    private final Tensor shortcut =
            Autodiff.gradients(sum(relu(y.plus(x))), List.of(x)).get(0);

    @Test
    void theLaterConvolutionTakesInTheOther() {
        assertThat(ops(tangent)).containsExactlyInAnyOrder("conv2d", "convolutionPlus");
    }

    @Test
    void whatComesBackThroughAShortcutIsTakenIn() {
        assertThat(ops(shortcut)).contains("convolutionPlus").doesNotContain("conv2dGradInput");
    }

    @Test
    void aResultThatSomethingElseReadsStaysAsItIs() {
        assertThat(ops(y.plus(tx), relu(y))).contains("conv2d", "add").doesNotContain("convolutionPlus");
    }

    @Test
    void aConvolutionWithoutSuchAKernelStaysAsItIs() {
        assertThat(ops(conv2d(x, w, 1, 0).plus(input("other", TensorType.f32(1, 2, 4, 16)))))
                .contains("conv2d", "add");
    }

    @Test
    void itComputesWhatItsPartsDo() {
        List<Tensor> outputs = List.of(tangent, shortcut);
        try (Device reference = Devices.open("reference", 1);
                Device cpu = withKernels();
                Program expected = Program.compile(reference, outputs, List.of());
                Program actual = Program.compile(cpu, outputs, List.of())) {
            for (Program program : List.of(expected, actual)) {
                Random random = new Random(7);
                for (Tensor input : List.of(x, w, tx, tw)) {
                    program.set(
                            input, random.doubles(input.shape().size(), -1, 1).toArray());
                }
                program.run();
            }
            for (Tensor output : outputs) {
                // Sums of 288 products of numbers below 1.
                assertThat(actual.get(output)).containsExactly(expected.get(output), within(1e-4));
            }
        }
    }

    private List<String> ops(Tensor... outputs) {
        try (Device cpu = withKernels()) {
            return Compiler.compile(new Graph(List.of(outputs), List.of()), cpu, ProgramOptions.DEFAULT)
                    .nodes()
                    .stream()
                    .filter(node -> !node.inputs().isEmpty())
                    .map(node -> node.op().name())
                    .toList();
        }
    }

    /** Returns the cpu if it has kernels of the fused op, which need AVX-512. */
    private Device withKernels() {
        Device cpu = Devices.open("cpu", 1);
        if (!cpu.supports(new Node(new ConvolutionPlus(new Conv2d(1, 1)), List.of(x, w, y)))) {
            cpu.close();
            throw new TestAbortedException("Winograd's convolution needs AVX-512");
        }
        return cpu;
    }
}
