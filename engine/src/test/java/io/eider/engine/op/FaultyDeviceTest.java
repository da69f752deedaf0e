package io.eider.engine.op;

import static io.eider.engine.op.Draw.normal;
import static io.eider.engine.op.OpCase.op;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.engine.backend.Buffer;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.engine.backend.Executable;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.Variable;
import io.eider.engine.op.OpCase.Tolerance;
import io.eider.engine.op.primitive.Cast;
import io.eider.engine.op.primitive.Exp;
import io.eider.engine.op.primitive.Input;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Parity is worth what it catches: a device that is right but for one fault must fail. */
class FaultyDeviceTest {
    private static final OpCase ROW = op(new Exp()).in(normal(33));

    @Test
    void aDeviceWithoutAFaultPasses() {
        assertThatCode(() -> parity((graph, executable) -> {})).doesNotThrowAnyException();
    }

    @Test
    void oneNumberOffInTheSixthDigitIsCaught() {
        assertThatThrownBy(() -> parity((graph, executable) -> {
                    double[] numbers = numbers(executable.output(0));
                    numbers[32] += 1e-5;
                    executable.output(0).write(numbers);
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("output 0: element 32");
    }

    @Test
    void aNumberThatWasNotComputedIsCaught() {
        assertThatThrownBy(() -> parity((graph, executable) -> {
                    double[] numbers = numbers(executable.output(0));
                    numbers[32] = Double.NaN;
                    executable.output(0).write(numbers);
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("element 32 is NaN");
    }

    @Test
    void anOverwrittenInputIsCaught() {
        assertThatThrownBy(() -> parity(
                        (graph, executable) -> executable.input(input(graph)).write(numbers(executable.output(0)))))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("second run");
    }

    @Test
    void numbersThatAreCutOffInsteadOfRoundedAreCaught() {
        OpCase cast = op(new Cast(DType.BF16)).in(normal(100));
        assertThatCode(() -> parity(cast, (graph, executable) -> {})).doesNotThrowAnyException();
        assertThatThrownBy(() -> parity(
                        cast,
                        (graph, executable) -> executable
                                .output(0)
                                .write(Arrays.stream(numbers(executable.input(input(graph))))
                                        .map(FaultyDeviceTest::cutOff)
                                        .toArray())))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("of 100 elements are rounded to a neighbour");
    }

    private static double cutOff(double x) {
        return Float.intBitsToFloat(Float.floatToIntBits((float) x) & 0xffff0000);
    }

    private static void parity(BiConsumer<Graph, Executable> fault) {
        parity(ROW, fault);
    }

    private static void parity(OpCase row, BiConsumer<Graph, Executable> fault) {
        try (Device device = new Faulty(Devices.open("reference", 1), fault)) {
            new DeviceCheck(device, Tolerance.EPS32).parity(row);
        }
    }

    private static double[] numbers(Buffer buffer) {
        double[] numbers = new double[(int) buffer.type().shape().size()];
        buffer.read(numbers);
        return numbers;
    }

    private static Tensor input(Graph graph) {
        return graph.nodes().stream()
                .filter(node -> node.op() instanceof Input)
                .findFirst()
                .orElseThrow()
                .output(0);
    }

    /** A device that does something wrong after every run. */
    private record Faulty(Device device, BiConsumer<Graph, Executable> fault) implements Device {
        @Override
        public String name() {
            return device.name();
        }

        @Override
        public String description() {
            return "faulty " + device.description();
        }

        @Override
        public boolean supports(Node node) {
            return device.supports(node);
        }

        @Override
        public Buffer variable(Variable variable) {
            return device.variable(variable);
        }

        @Override
        public Executable load(Graph graph) {
            return new FaultyExecutable(graph, device.load(graph), fault);
        }

        @Override
        public void close() {
            device.close();
        }
    }

    private record FaultyExecutable(Graph graph, Executable executable, BiConsumer<Graph, Executable> fault)
            implements Executable {
        @Override
        public Buffer input(Tensor input) {
            return executable.input(input);
        }

        @Override
        public Buffer output(int index) {
            return executable.output(index);
        }

        @Override
        public void run() {
            executable.run();
            fault.accept(graph, executable);
        }

        @Override
        public List<Step> steps() {
            return executable.steps();
        }

        @Override
        public long[] timedRun() {
            return executable.timedRun();
        }

        @Override
        public long arenaBytes() {
            return executable.arenaBytes();
        }

        @Override
        public void close() {
            executable.close();
        }
    }
}
