package io.eider.bench.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Prints how long each loss kernel takes, and the ratios to a copy of as many bytes and to the decomposition: medians of
 * rounds that take the three in turn, so that a busy machine slows all of them.
 */
public final class LossRatios {
    private static final List<String> SHAPES = List.of("128x10", "128x1000", "512x8142");
    private static final List<String> LOSSES = List.of("crossEntropy", "focal", "sigmoidFocal", "ldam");
    private static final List<String> OPS = List.of("value", "gradient", "tangent", "metaGradient");

    /** Nanoseconds that one time of a round should last at least. */
    private static final double ROUND = 2e5;

    private LossRatios() {}

    /**
     * Prints the table.
     *
     * @param arguments threads, default 2; rounds, default 31
     */
    public static void main(String[] arguments) {
        int threads = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 31;
        System.out.printf(
                Locale.ROOT,
                "%-9s %-13s %-13s %10s %10s %14s%n",
                "shape",
                "loss",
                "op",
                "us",
                "of a copy",
                "of the parts");
        for (String shape : SHAPES) {
            for (String loss : LOSSES) {
                for (String op : OPS) {
                    LossKernels kernels = new LossKernels();
                    kernels.shape = shape;
                    kernels.loss = loss;
                    kernels.op = op;
                    kernels.threads = threads;
                    kernels.open();
                    try {
                        print(kernels, rounds);
                    } finally {
                        kernels.close();
                    }
                }
            }
        }
    }

    private static void print(LossKernels kernels, int rounds) {
        List<Runnable> runs = List.of(kernels::kernel, kernels::copy, kernels::unfused);
        int[] repeats = new int[runs.size()];
        for (int i = 0; i < repeats.length; i++) {
            time(runs.get(i), 10);
            repeats[i] = (int) Math.max(1, ROUND / time(runs.get(i), 10));
        }
        double[] nanos = new double[rounds];
        double[] ofCopy = new double[rounds];
        double[] ofParts = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            nanos[round] = time(runs.get(0), repeats[0]);
            ofCopy[round] = nanos[round] / time(runs.get(1), repeats[1]);
            ofParts[round] = nanos[round] / time(runs.get(2), repeats[2]);
        }
        System.out.printf(
                Locale.ROOT,
                "%-9s %-13s %-13s %10.1f %10.2f %14.3f%n",
                kernels.shape,
                kernels.loss,
                kernels.op,
                median(nanos) * 1e-3,
                median(ofCopy),
                median(ofParts));
    }

    private static double time(Runnable run, int repeats) {
        long start = System.nanoTime();
        for (int i = 0; i < repeats; i++) {
            run.run();
        }
        return (double) (System.nanoTime() - start) / repeats;
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
