package io.eider.experiments.data;

/**
 * Counter-based random numbers: draw {@code i} is a pure function of (seed, purpose, i), with no state to save or restore.
 *
 * <p>{@code bits(i) = mix(key + mix(i + γ))} with the 64-bit finaliser {@code mix} of SplitMix64 and γ the golden-ratio
 * constant; {@code key} hashes the seed and the purpose, so the same seed gives unrelated numbers for different purposes.
 * Draws allocate nothing and may be made from any thread in any order. Not for cryptography.
 *
 * <p>Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014 (the finaliser).
 *
 * @param key the hashed seed and purpose
 */
public record CounterRandom(long key) {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;
    private static final double UNIT = 0x1.0p-53;

    /**
     * The random numbers of one purpose.
     *
     * @param seed the run's seed
     * @param purpose what the numbers are for, such as {@code "train order"}; every purpose is its own sequence
     * @return the sequence
     */
    public static CounterRandom of(long seed, String purpose) {
        long key = mix(seed + GAMMA);
        for (int i = 0; i < purpose.length(); i++) {
            key = mix(key ^ purpose.charAt(i)) + GAMMA;
        }
        return new CounterRandom(key);
    }

    /**
     * Draw {@code counter} as 64 uniform bits.
     *
     * @param counter which draw, any value
     * @return 64 bits
     */
    public long bits(long counter) {
        return mix(key + mix(counter + GAMMA));
    }

    /**
     * Draw {@code counter} as a uniform integer in [0, bound). The bias is below bound · 2⁻⁶³.
     *
     * @param counter which draw
     * @param bound exclusive upper bound, at least 1
     * @return an integer in [0, bound)
     * @throws IllegalArgumentException if {@code bound} is below 1
     */
    public int below(long counter, int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound " + bound + " is below 1");
        }
        return (int) Math.multiplyHigh(bits(counter) >>> 1, 2L * bound);
    }

    /**
     * Draw {@code counter} as a uniform number in [0, 1), a multiple of 2⁻⁵³.
     *
     * @param counter which draw
     * @return a number in [0, 1)
     */
    public double unit(long counter) {
        return (bits(counter) >>> 11) * UNIT;
    }

    /**
     * Shuffles in place (Fisher–Yates); every order is equally likely. Uses draws {@code counter … counter + length − 1}.
     *
     * @param values what to shuffle
     * @param counter the first draw to use
     */
    public void shuffle(int[] values, long counter) {
        shuffleHead(values, values.length, counter);
    }

    /**
     * Moves {@code head} values, chosen without replacement, in random order, to the front, in place. The whole array stays a
     * permutation. Uses draws {@code counter … counter + head − 1}; costs O(head).
     *
     * @param values what to choose from
     * @param head how many to choose, at most {@code values.length}
     * @param counter the first draw to use
     */
    public void shuffleHead(int[] values, int head, long counter) {
        for (int i = 0; i < head; i++) {
            int j = i + below(counter + i, values.length - i);
            int chosen = values[j];
            values[j] = values[i];
            values[i] = chosen;
        }
    }

    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
