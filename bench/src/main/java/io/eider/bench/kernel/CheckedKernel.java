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

    /** Neighbours in bf16 are at most so far apart, relative to either: a last bit before rounding may make one the other. */
    private static final double BF16_SPACING = 0x1p-7;

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
     * that one number takes; in bf16 a number may be the reference's neighbour besides.
     *
     * @throws WrongResultException if a number is off by more, or not a number
     */
    static void check(KernelCase one, int output, double[] expected, double[] actual) {
        double terms = Math.max(1, (double) one.flops() / Math.max(1, expected.length));
        double spacing = one.node().type(output).dtype() == DType.BF16 ? BF16_SPACING : 0;
        double largest = 0;
        int worst = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            worst = excess(expected, actual, i, spacing) > excess(expected, actual, worst, spacing) ? i : worst;
        }
        if (!Arrays.stream(expected).allMatch(Double::isFinite)) {
            throw new UserError(
                    "the reference's result of " + one.text() + " is not finite; draw other numbers, such as "
                            + one.operands().get(0) + ":positive");
        }
        double allowed = ROUNDINGS * EPS32 * Math.sqrt(terms) * largest;
        if (expected.length > 0 && excess(expected, actual, worst, spacing) > allowed) {
            throw new WrongResultException(String.format(
                    Locale.ROOT,
                    "output %d of %s is wrong: element %d is %.9g, the reference says %.9g, and %.2g is allowed",
                    output,
                    one.text(),
                    worst,
                    actual[worst],
                    expected[worst],
                    allowed + spacing * Math.abs(expected[worst])));
        }
    }

    /**
     * Returns by how much more than the distance of its neighbours a number is off. One that is not a number is infinitely
     * wrong; no comparison would find it.
     */
    private static double excess(double[] expected, double[] actual, int i, double spacing) {
        double error = Math.abs(expected[i] - actual[i]);
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error - spacing * Math.abs(expected[i]);
    }
}
