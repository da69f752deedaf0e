package io.eider.bench.kernel;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.engine.backend.Executable;
import io.eider.experiments.UserError;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * Times cases and the ceilings they are held against: a large matrix product of the type of their first operand, timed once
 * for each type, and a copy of as many bytes, timed once for cases whose bytes agree in two digits. A ceiling is what the
 * machine can do, so its fastest iteration counts.
 */
final class Session implements AutoCloseable {
    private static final KernelCase PRODUCT = Cases.of("matmul/large");
    private static final KernelCase PRODUCT_OF_BFLOATS = Cases.of("conv2d/large-bf16");

    private final Timing timing;
    private final Device device;
    private final Map<Long, Double> copies = new HashMap<>();
    private final Map<KernelCase, Double> products = new HashMap<>();

    /** Opens the cpu device, which tells what kernels are chosen; forks open their own. */
    Session(Timing timing) {
        this.timing = timing;
        this.device = Devices.open("cpu", timing.threads());
    }

    /** Returns one line on the device. */
    String device() {
        return device.description();
    }

    /** Returns whether the device has a kernel for a case. */
    boolean supports(KernelCase one) {
        return device.supports(one.node());
    }

    /**
     * Checks and times a case.
     *
     * @throws WrongResultException if its result is wrong
     */
    Result time(KernelCase one) {
        String kernel = kernel(one);
        double gemm = products.computeIfAbsent(one.isOfBFloats() ? PRODUCT_OF_BFLOATS : PRODUCT, this::gigaflops);
        double copy = copies.computeIfAbsent(footprint(one.bytes()), this::copy);
        return new Result(
                one.name(),
                one.text(),
                kernel,
                one.checkable().text(),
                one.flops(),
                one.bytes(),
                gemm,
                copy,
                timing.micros(one));
    }

    @Override
    public void close() {
        device.close();
    }

    /** Rounds to two digits, and to whole pairs of floats. */
    static long footprint(long bytes) {
        long unit = 1;
        while (bytes / unit >= 100) {
            unit *= 10;
        }
        long rounded = (bytes + unit / 2) / unit * unit;
        return Math.max(1, rounded / 8) * 8;
    }

    private double gigaflops(KernelCase product) {
        return product.flops() * 1e-3 / fastest(product);
    }

    private double copy(long bytes) {
        long half = bytes / 2 / Float.BYTES;
        KernelCase copy = KernelCase.parse(null, "slice start=0 step=1 shape=" + half + " of " + half);
        return copy.bytes() * 1e-3 / fastest(copy);
    }

    private double fastest(KernelCase one) {
        return Collections.min(timing.micros(one));
    }

    private String kernel(KernelCase one) {
        try (Executable executable = device.load(KernelCase.graph(one.node()))) {
            return executable.steps().stream()
                    .map(Executable.Step::kernel)
                    .findFirst()
                    .orElseThrow(() -> new UserError(
                            one.text() + " is computed once, when it is loaded: nothing to time; take a larger one"));
        } catch (UnsupportedOperationException e) {
            throw new UserError(e.getMessage(), e);
        }
    }
}
