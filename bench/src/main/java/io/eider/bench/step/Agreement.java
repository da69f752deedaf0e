package io.eider.bench.step;

import io.eider.bench.step.Peer.Timing;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whether all peers compute the same step. The loss of the first step from the starting point holds the forward pass and,
 * in stage 2, ε; that of the second the gradient and the update as well; that of the third the momentum. Later ones are not
 * compared, because steps multiply what rounding has made of the weights.
 */
final class Agreement {
    /** How many losses of a turn are compared; it needs as many. */
    static final int STEPS = 3;

    private Agreement() {}

    /**
     * Compares each row, in every turn so far, with the first turn of the first row of the same step, a 32-bit one if there
     * is one.
     *
     * @param timings by row, by turn, by step
     * @return how far losses are apart at most, relative to the reference, by the arithmetic of the row
     * @throws DisagreementException if a loss differs by more than the coarser arithmetic of both allows, or is not a number
     */
    static Map<Arithmetic, Double> check(Map<Row, List<List<Timing>>> timings) throws DisagreementException {
        Map<Arithmetic, Double> largest = new EnumMap<>(Arithmetic.class);
        for (Map.Entry<Row, List<List<Timing>>> entry : timings.entrySet()) {
            Row row = entry.getKey();
            Row reference = reference(row, timings);
            List<Timing> expected = timings.get(reference).get(0);
            for (List<Timing> turn : entry.getValue()) {
                for (int step = 0; step < STEPS; step++) {
                    double difference = difference(
                            row,
                            turn.get(step).loss(),
                            reference,
                            expected.get(step).loss(),
                            step);
                    largest.merge(row.arithmetic(), difference, Math::max);
                }
            }
        }
        return largest;
    }

    private static double difference(Row row, double loss, Row reference, double expected, int step)
            throws DisagreementException {
        double difference = Math.abs(loss - expected) / Math.abs(expected);
        double tolerance =
                Math.max(row.arithmetic().tolerance(), reference.arithmetic().tolerance());
        // Written so that what is not a number fails.
        if (!(difference <= tolerance)) {
            throw new DisagreementException(String.format(
                    Locale.ROOT,
                    "losses disagree, so nothing is compared: in step %d %s has %.7g and %s %.7g; "
                            + "they may differ by %.0e of it",
                    step + 1,
                    row.name(),
                    loss,
                    reference.name(),
                    expected,
                    tolerance));
        }
        return difference;
    }

    private static Row reference(Row row, Map<Row, List<List<Timing>>> timings) {
        return timings.keySet().stream()
                .filter(other -> other.step() == row.step())
                .min(Comparator.comparing(Row::arithmetic))
                .orElseThrow();
    }
}
