package io.eider.bench.step;

import io.eider.bench.step.Peer.Timing;
import java.util.List;
import java.util.stream.Stream;

/**
 * What one peer did.
 *
 * @param row which step
 * @param turns its steps by turn, in order; the first of each turn warms up and is not timed
 * @param peakBytes the most memory its process had resident
 * @param arenaBytes memory that its programs share; 0 where it has no such thing
 */
record Measurement(Row row, List<List<Timing>> turns, long peakBytes, long arenaBytes) {
    /** Returns the median of all timed steps, in ms. */
    double median() {
        return quantile(0.5);
    }

    /** Returns the time that this share of all timed steps did not exceed, between neighbours in proportion, in ms. */
    double quantile(double share) {
        return quantile(turns.stream().flatMap(Measurement::timed), share);
    }

    /** Returns the median of each turn, in ms. */
    List<Double> turnMedians() {
        return turns.stream().map(turn -> quantile(timed(turn), 0.5)).toList();
    }

    private static Stream<Timing> timed(List<Timing> turn) {
        return turn.stream().skip(1);
    }

    private static double quantile(Stream<Timing> timings, double share) {
        double[] millis = timings.mapToDouble(Timing::millis).sorted().toArray();
        double place = share * (millis.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, millis.length - 1);
        return millis[below] + (place - below) * (millis[above] - millis[below]);
    }
}
