package io.eider.models.nn;

import java.util.random.RandomGenerator;

/** A rule for the numbers that a tensor has before training. */
@FunctionalInterface
public interface Initialiser {
    /**
     * Returns the next number of the tensor.
     *
     * @param random where randomness comes from; used by this tensor only
     */
    double next(RandomGenerator random);

    /** Returns the rule that gives one number everywhere. */
    static Initialiser constant(double value) {
        return random -> value;
    }

    /** Returns the rule that draws from U(−bound, bound). */
    static Initialiser uniform(double bound) {
        return random -> bound * (2 * unit(random) - 1);
    }

    /**
     * Returns the rule that draws from N(0, 2/fanIn), which keeps the variance through a rectified layer. He et al.
     * 2015, eq. 10.
     *
     * @param fanIn how many products each output sums
     */
    static Initialiser kaimingNormal(int fanIn) {
        double deviation = Math.sqrt(2.0 / fanIn);
        return random -> deviation * normal(random);
    }

    /** Returns {@code count} numbers in row-major order, rounded to 32 bits. */
    default float[] draw(int count, RandomGenerator random) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) next(random);
        }
        return numbers;
    }

    /** Box and Muller's transform; StrictMath, because its bits are the same on every machine. */
    private static double normal(RandomGenerator random) {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - unit(random)));
        return radius * StrictMath.cos(2 * Math.PI * unit(random));
    }

    private static double unit(RandomGenerator random) {
        return (random.nextLong() >>> 11) * 0x1.0p-53;
    }
}
