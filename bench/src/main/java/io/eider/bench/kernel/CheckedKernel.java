package io.eider.bench.kernel;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.program.Program;
import io.eider.experiments.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** A case loaded on a device and fed; it can only be had if the device computes what the reference does. */
final class CheckedKernel implements AutoCloseable {
    private static final int SEED = 7;

    /** Roundings that one term of a sum may cost; a loss exponentiates sums and divides by them. */
    private static final double ROUNDINGS = 16;

    private static final double EPS32 = 0x1p-23;

    /** What a result in bf16 may differ by from the reference's, whose operands are not rounded to f32 first. */
    private static final double EPS16 = 0x1p-8;

    private final Program program;

    private CheckedKernel(Program program) {
        this.program = program;
    }

    /**
     * Checks the case, or its smaller form, then loads and feeds it.
     *
     * @throws UserError if the device has no kernel for it, or it cannot be checked
     * @throws WrongResultException if the device's numbers are wrong
     */
    static CheckedKernel open(Device device, KernelCase one) {
        Node node = one.node();
        if (!device.supports(node)) {
            throw new UserError("there is no kernel for " + one.text() + " on " + device.description());
        }
        check(device, one.checkable());
        return new CheckedKernel(load(device, one, node));
    }

    /** Runs the kernel once; returns the nanoseconds it took on the device. */
    long timedRun() {
        return program.timedRun();
    }

    /** Runs the kernel once. */
    void run() {
        program.run();
    }

    @Override
    public void close() {
        program.close();
    }

    private static Program load(Device device, KernelCase one, Node node) {
        Program program = Program.compile(device, List.of(node.outputs()), List.of());
        Random random = new Random(SEED);
        for (int i = 0; i < one.operands().size(); i++) {
            one.operands().get(i).feed(program, node.input(i), random);
        }
        return program;
    }

    private static void check(Device device, KernelCase one) {
        Node node = one.node();
        try (Device reference = Devices.open("reference", 1);
                Program expected = load(reference, one, node);
                Program actual = load(device, one, node)) {
            expected.run();
            actual.run();
            for (Tensor output : node.outputs()) {
                check(one, output.index(), expected.get(output), actual.get(output));
            }
        }
    }

    /**
     * Compares one output. What is allowed is relative to its largest number and grows with the square root of the operations
     * that one number takes.
     *
     * @throws WrongResultException if a number is off by more, or not a number
     */
    static void check(KernelCase one, int output, double[] expected, double[] actual) {
        double terms = Math.max(1, (double) one.flops() / Math.max(1, expected.length));
        double largest = 0;
        int worst = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            worst = error(expected, actual, i) > error(expected, actual, worst) ? i : worst;
        }
        if (!Arrays.stream(expected).allMatch(Double::isFinite)) {
            throw new UserError(
                    "the reference's result of " + one.text() + " is not finite; draw other numbers, such as "
                            + one.operands().get(0) + ":positive");
        }
        double stored = one.node().type(output).dtype() == DType.BF16 ? EPS16 : 0;
        double allowed = (ROUNDINGS * EPS32 * Math.sqrt(terms) + stored) * largest;
        if (expected.length > 0 && error(expected, actual, worst) > allowed) {
            throw new WrongResultException(String.format(
                    Locale.ROOT,
                    "output %d of %s is wrong: element %d is %.9g, the reference says %.9g, and %.2g is allowed",
                    output,
                    one.text(),
                    worst,
                    actual[worst],
                    expected[worst],
                    allowed));
        }
    }

    /** A number that is not one is infinitely wrong; no comparison would find it. */
    private static double error(double[] expected, double[] actual, int i) {
        double error = Math.abs(expected[i] - actual[i]);
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }
}
