package io.eider.experiments.table;

import java.util.List;
import java.util.Locale;

/**
 * Mean and standard deviation of a few numbers.
 *
 * @param n how many
 * @param mean their mean; not a number if there is none
 * @param deviation √(Σ(x − mean)² / (n − 1)); not a number of fewer than two
 */
record Summary(int n, double mean, double deviation) {
    static Summary of(List<Double> numbers) {
        int n = numbers.size();
        double mean = numbers.stream().mapToDouble(x -> x).sum() / n;
        double squares =
                numbers.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
        return new Summary(n, mean, n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1)));
    }

    boolean isEmpty() {
        return n == 0;
    }

    /** Such as {@code 23.59 ± 0.31}; without deviation where there is none. */
    @Override
    public String toString() {
        return n < 2
                ? String.format(Locale.ROOT, "%.2f", mean)
                : String.format(Locale.ROOT, "%.2f ± %.2f", mean, deviation);
    }
}
