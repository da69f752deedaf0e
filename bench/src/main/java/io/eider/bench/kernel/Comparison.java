package io.eider.bench.kernel;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * A case in two files.
 *
 * @param before one file's result
 * @param after the other's
 */
record Comparison(Result before, Result after) {
    /** What can be said of a ratio. */
    enum Verdict {
        /** Every time after is shorter than every time before. */
        FASTER,
        /** Every time after is longer than every time before. */
        SLOWER,
        /** The ranges of times overlap. */
        NOISE
    }

    /** Returns the cases that both files have, the largest ratio first. */
    static List<Comparison> of(ResultFile before, ResultFile after) {
        Map<String, Result> others = after.byName();
        return before.cases().stream()
                .filter(result -> others.containsKey(result.name()))
                .map(result -> new Comparison(result, others.get(result.name())))
                .sorted(Comparator.comparingDouble(Comparison::ratio).reversed())
                .toList();
    }

    /** Returns the names that only one of the files has. */
    static List<String> inOneOnly(ResultFile before, ResultFile after) {
        return Stream.concat(missing(before, after), missing(after, before)).toList();
    }

    /** Returns the median time after over that before. */
    double ratio() {
        return after.medianMicros() / before.medianMicros();
    }

    /** Returns the smallest ratio of a time after to a time before. */
    double lowest() {
        return after.fastest() / before.slowest();
    }

    /** Returns the largest ratio of a time after to a time before. */
    double highest() {
        return after.slowest() / before.fastest();
    }

    /** Returns whether the times differ by more than their noise. */
    Verdict verdict() {
        return lowest() > 1 ? Verdict.SLOWER : highest() < 1 ? Verdict.FASTER : Verdict.NOISE;
    }

    /** Returns the large product's rate after over that before. */
    double gemmRatio() {
        return after.gemmGflops() / before.gemmGflops();
    }

    /** Returns the copy's rate after over that before. */
    double copyRatio() {
        return after.copyGbs() / before.copyGbs();
    }

    /** Returns the median of a ratio; of an even number of cases, the upper one in the middle. */
    static double median(List<Comparison> comparisons, ToDoubleFunction<Comparison> ratio) {
        double[] sorted = comparisons.stream().mapToDouble(ratio).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static Stream<String> missing(ResultFile from, ResultFile in) {
        Map<String, Result> known = in.byName();
        return from.cases().stream().map(Result::name).filter(name -> !known.containsKey(name));
    }
}
