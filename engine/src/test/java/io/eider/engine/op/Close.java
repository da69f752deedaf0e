package io.eider.engine.op;

import io.eider.engine.graph.DType;
import io.eider.engine.op.OpCase.Tolerance;
import java.util.Arrays;
import org.opentest4j.AssertionFailedError;

/** The one comparison of numbers: largest error against a tolerance relative to the largest number, or to 1. */
final class Close {
    private static final double BF16_SPACING = 0x1p-7;

    private Close() {}

    /**
     * The same for numbers that were stored in a type after they were computed. An error of arithmetic that lies across a
     * place where rounding to bf16 changes makes of it the distance of two neighbours, 2⁻⁷ of the number; that may happen
     * to few elements, of which one in 20 and one more are allowed.
     */
    static void check(String what, DType dtype, double[] expected, double[] actual, double tolerance) {
        if (dtype != DType.BF16) {
            check(what, expected, actual, tolerance);
            return;
        }
        double scale = Math.max(1, Arrays.stream(expected).map(Math::abs).max().orElse(0));
        double[] neighbours = actual.clone();
        int moved = 0;
        for (int i = 0; i < Math.min(expected.length, actual.length); i++) {
            double off = error(expected, actual, i);
            if (off > tolerance * scale && off <= tolerance * scale + BF16_SPACING * Math.abs(expected[i])) {
                neighbours[i] = expected[i];
                moved++;
            }
        }
        check(what, expected, neighbours, tolerance);
        if (moved > 1 + expected.length / 20) {
            throw new AssertionFailedError(
                    what + ": " + moved + " of " + expected.length + " elements are rounded to a neighbour");
        }
    }

    /** Fails, naming the worst element, if an error exceeds the tolerance or a number is not finite. */
    static void check(String what, double[] expected, double[] actual, double tolerance) {
        if (expected.length != actual.length) {
            throw new AssertionFailedError(what + ": " + actual.length + " numbers", expected.length, actual.length);
        }
        double scale = 1;
        int worst = -1;
        for (int i = 0; i < expected.length; i++) {
            scale = Math.max(scale, Math.abs(expected[i]));
            if (worst < 0 || error(expected, actual, i) > error(expected, actual, worst)) {
                worst = i;
            }
        }
        if (worst >= 0 && error(expected, actual, worst) > tolerance * scale) {
            throw new AssertionFailedError(
                    String.format(
                            "%s: element %d is %.17g, expected %.17g: off by %.3g where %.3g (%.3g of %.3g) is allowed",
                            what,
                            worst,
                            actual[worst],
                            expected[worst],
                            error(expected, actual, worst),
                            tolerance * scale,
                            tolerance,
                            scale),
                    expected[worst],
                    actual[worst]);
        }
    }

    /** Compares two results of 64-bit arithmetic that went different ways. */
    static void exact(OpCase row, String what, double[] expected, double[] actual) {
        check(what, expected, actual, exact(row));
    }

    /** Differentiation composes an op's arithmetic a few times over and divides: a thousand times its roundings. */
    static double exact(OpCase row) {
        return 1000 * row.tolerance().of(Tolerance.EPS64);
    }

    /** A number that is not one is infinitely wrong: a comparison with it would find nothing. */
    private static double error(double[] expected, double[] actual, int i) {
        double error = Math.abs(expected[i] - actual[i]);
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }
}
