package io.eider.engine.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.eider.engine.backend.Device;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.OpCase.Kind;
import io.eider.engine.op.OpCase.Tolerance;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.op.primitive.ReadVariable;
import io.eider.engine.program.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What holds of an op compiled and run on a device. */
final class DeviceCheck {
    private final Device device;
    private final double eps;

    /**
     * Takes a device.
     *
     * @param eps distance between 1 and the next number of its arithmetic
     */
    DeviceCheck(Device device, double eps) {
        this.device = device;
        this.eps = eps;
    }

    /** Returns the name of the device. */
    String name() {
        return device.name();
    }

    /**
     * The device computes what the definition says. A second run without setting the inputs gives the same bits: the
     * first left them unchanged, and nothing depends on what memory held before.
     */
    void parity(OpCase row) {
        Sample sample = new Sample(row);
        if (row.kind() == Kind.LEAF) {
            sample.numbers.put(sample.outputs[0], new double[] {1, -2, 3, 0.5, -0.25, 0, 7});
        }
        double[][] expected =
                Arrays.stream(sample.outputs).map(sample.here()::value).toArray(double[][]::new);
        List<double[][]> runs = run(sample, List.of(sample.outputs), 2);
        for (int k = 0; k < expected.length; k++) {
            DType dtype = sample.outputs[k].dtype();
            Close.check(
                    "output " + k,
                    dtype,
                    expected[k],
                    runs.get(0)[k],
                    row.tolerance().of(eps));
            assertArrayEquals(runs.get(0)[k], runs.get(1)[k], "second run of the same program, output " + k);
        }
    }

    /** Returns whether the device has memory for a row's element types. */
    boolean keeps(OpCase row) {
        Sample sample = new Sample(row);
        return Stream.of(sample.inputs, sample.outputs)
                .flatMap(Arrays::stream)
                .allMatch(tensor ->
                        device.supports(Input.input("x", tensor.type()).node()));
    }

    /** Returns whether the device has a kernel of its own for a fused op. */
    boolean fuses(OpCase row) {
        return row.op() instanceof FusedOp && device.supports(new Sample(row).node);
    }

    /** The fused kernel computes what the device computes from the decomposition. */
    void kernelIsDecomposition(OpCase row) {
        Sample sample = new Sample(row);
        Tensor[] parts = ((FusedOp) row.op()).decompose(sample.inputs);
        double[][] fused = run(sample, List.of(sample.outputs), 1).get(0);
        double[][] decomposed = run(sample, List.of(parts), 1).get(0);
        for (int k = 0; k < fused.length; k++) {
            // Each is within the tolerance of the exact result.
            DType dtype = sample.outputs[k].dtype();
            Close.check(
                    "output " + k,
                    dtype,
                    decomposed[k],
                    fused[k],
                    2 * row.tolerance().of(eps));
        }
    }

    private List<double[][]> run(Sample sample, List<Tensor> results, int times) {
        try (Program program = Program.compile(device, results, List.of())) {
            set(sample, program);
            List<double[][]> runs = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                program.run();
                runs.add(results.stream().map(program::get).toArray(double[][]::new));
            }
            return runs;
        }
    }

    private void set(Sample sample, Program program) {
        if (sample.row.op() instanceof ReadVariable read) {
            device.variable(read.variable()).write(sample.numbers.get(sample.outputs[0]));
            return;
        }
        for (Tensor input : sample.row.kind() == Kind.LEAF ? sample.outputs : sample.inputs) {
            double[] numbers = sample.numbers.get(input);
            switch (input.dtype()) {
                case I32 ->
                    program.set(
                            input,
                            Arrays.stream(numbers)
                                    .mapToInt(label -> (int) label)
                                    .toArray());
                case U8 -> program.set(input, bytes(numbers));
                default -> program.set(input, numbers);
            }
        }
    }

    private static byte[] bytes(double[] numbers) {
        byte[] bytes = new byte[numbers.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (int) numbers[i];
        }
        return bytes;
    }

    /** Returns the check for a device, by the arithmetic that it is known for. */
    static DeviceCheck of(Device device) {
        return new DeviceCheck(device, device.name().equals("reference") ? Tolerance.EPS64 : Tolerance.EPS32);
    }
}
