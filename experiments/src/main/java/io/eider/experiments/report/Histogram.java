package io.eider.experiments.report;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How many numbers lie in each of some intervals of equal width.
 *
 * @param edges of the intervals, one more than there are of them
 * @param counts at each edge the count of the interval that begins there, hence 0 at the last
 */
@SuppressWarnings("ArrayRecordComponent") // as the chart takes them; nobody compares histograms
record Histogram(double[] edges, double[] counts) {
    private static final int INTERVALS = 30;

    /** Half the width for numbers that are all the same, relative to their size: what ticks can still tell apart. */
    private static final double NARROWEST = 1e-3;

    /** Counts at least one number. */
    static Histogram of(double[] numbers) {
        double min = Arrays.stream(numbers).min().orElseThrow();
        double max = Arrays.stream(numbers).max().orElseThrow();
        double largest = Math.max(Math.abs(min), Math.abs(max));
        double centre = (min + max) / 2;
        double half = Math.max((max - min) / 2, largest == 0 ? 1 : largest * NARROWEST);
        double width = 2 * half / INTERVALS;
        double[] counts = new double[INTERVALS + 1];
        for (double number : numbers) {
            counts[Math.min((int) ((number - (centre - half)) / width), INTERVALS - 1)]++;
        }
        return new Histogram(
                IntStream.rangeClosed(0, INTERVALS)
                        .mapToDouble(i -> centre - half + i * width)
                        .toArray(),
                counts);
    }
}
