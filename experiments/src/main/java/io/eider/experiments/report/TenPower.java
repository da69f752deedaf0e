package io.eider.experiments.report;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * A power of ten to divide small or large numbers by, so that ticks beside an axis are short.
 *
 * @param exponent of ten
 */
record TenPower(int exponent) {
    private static final int SMALLEST = -1;
    private static final int LARGEST = 3;

    /** One that leaves the largest of the numbers, whatever its sign, between 1 and 10; 1 if it is of moderate size. */
    static TenPower of(DoubleStream numbers) {
        double largest = numbers.map(Math::abs).max().orElse(0);
        int exponent = largest == 0 ? 0 : (int) Math.floor(Math.log10(largest));
        return new TenPower(exponent >= SMALLEST && exponent <= LARGEST ? 0 : exponent);
    }

    /** Brings numbers to this unit. */
    double[] divide(double[] numbers) {
        double factor = Math.pow(10, -exponent);
        return Arrays.stream(numbers).map(number -> number * factor).toArray();
    }

    /** What stands beside an axis. */
    String label(String quantity) {
        return exponent == 0 ? quantity : quantity + " (in 10" + superscript() + ")";
    }

    private String superscript() {
        StringBuilder digits = new StringBuilder();
        for (char digit : Integer.toString(exponent).toCharArray()) {
            digits.append(digit == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(digit - '0'));
        }
        return digits.toString();
    }
}
