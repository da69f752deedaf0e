package io.eider.bench.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

/**
 * What {@code bench device} found.
 *
 * @param device its description
 * @param ops the engine's checks of every op
 * @param golden replayed steps
 * @param kernels each checked and timed
 * @param steps training steps
 * @param failures what else was tried and could not be done
 */
record DeviceReport(
        String device,
        OpChecks ops,
        List<Golden> golden,
        List<Timed> kernels,
        List<Step> steps,
        List<Failure> failures) {
    /** Creates one to which everything but ops is still to be added. */
    DeviceReport(String device, OpChecks ops) {
        this(device, ops, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    /** A replayed golden step. */
    record Golden(String file, boolean passes) {}

    /**
     * A kernel.
     *
     * @param name of the case
     * @param result {@code ok}, {@code no kernel}, or what is wrong
     * @param micros median on the device
     * @param gigaflops a second
     * @param gigabytes a second
     * @param ofCopy part of the bytes a second of a large copy
     */
    record Timed(String name, String result, double micros, double gigaflops, double gigabytes, double ofCopy) {
        private boolean isWell() {
            return result.equals("ok") || result.equals("no kernel");
        }
    }

    /**
     * A training step.
     *
     * @param name plain or stage 2
     * @param micros median from setting the batch to having the loss
     * @param loss after the last one
     */
    record Step(String name, double micros, double loss) {}

    /** Something that could not be done, and why. */
    record Failure(String what, String why) {}

    /** Returns whether nothing is wrong. */
    boolean isWell() {
        return ops.failures().isEmpty()
                && failures.isEmpty()
                && golden.stream().allMatch(Golden::passes)
                && kernels.stream().allMatch(Timed::isWell)
                && steps.stream().allMatch(step -> Double.isFinite(step.loss()));
    }

    /** Returns the median of so many measurements, after two more. */
    static double median(int rounds, LongSupplier measurement) {
        long[] sorted = LongStream.generate(measurement)
                .limit(rounds + 2L)
                .skip(2)
                .sorted()
                .toArray();
        int middle = sorted.length / 2;
        return Arrays.stream(sorted, (sorted.length - 1) / 2, middle + 1)
                .average()
                .orElseThrow();
    }
}
