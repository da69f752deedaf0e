package io.eider.experiments.train;

import io.eider.engine.backend.Device;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a device computes a golden step. In 64 bits every relative error must stay below 1e-9. In 32 bits an error is
 * judged by how ill-conditioned its quantity is: a change of every parameter by half a unit in its last place, which
 * rounding alone would make, moves gradients through the rectifiers it flips. The tolerance is 4 times the largest such
 * move of 4 random changes, plus 64 half units in the last place.
 *
 * @param quantities one line a kind of quantity, in the order of computation
 */
public record GoldenCheck(List<Quantity> quantities) {
    private static final double DOUBLE_TOLERANCE = 1e-9;
    private static final double HALF_UNIT = 0x1p-24;
    private static final int CHANGES = 4;

    /**
     * One kind of quantity.
     *
     * @param name as in the golden file
     * @param error largest relative error
     * @param tolerance largest error that passes
     */
    public record Quantity(String name, double error, double tolerance) {
        /** Returns whether the error is within tolerance; an error that is not a number is not. */
        public boolean passes() {
            return error <= tolerance;
        }
    }

    /**
     * Replays a step.
     *
     * @param exact whether the device computes in 64 bits
     */
    public static GoldenCheck run(GoldenStep golden, Device device, boolean exact) {
        Map<String, double[]> results = golden.run(device, 0, 0);
        Map<String, Double> moves = new LinkedHashMap<>();
        for (int seed = 1; seed <= CHANGES && !exact; seed++) {
            golden.changes(results, golden.run(device, HALF_UNIT, seed))
                    .forEach((kind, move) -> moves.merge(kind, move, Math::max));
        }
        List<Quantity> quantities = new ArrayList<>();
        golden.errors(results)
                .forEach((kind, error) -> quantities.add(new Quantity(
                        kind, error, exact ? DOUBLE_TOLERANCE : CHANGES * moves.get(kind) + 64 * HALF_UNIT)));
        return new GoldenCheck(List.copyOf(quantities));
    }

    /** Returns whether every quantity is within its tolerance. */
    public boolean passes() {
        return quantities.stream().allMatch(Quantity::passes);
    }
}
