package io.eider.experiments.train;

/**
 * Summary of conditional weights ε_i.
 *
 * @param count how many
 * @param sum their sum
 * @param min the smallest, 0 if there is none
 * @param max the largest, 0 if there is none
 */
public record EpsilonStatistics(long count, double sum, double min, double max) {
    /** Of nothing. */
    public static final EpsilonStatistics NONE = new EpsilonStatistics(0, 0, 0, 0);

    /**
     * Their mean.
     *
     * @return 0 if there is none
     */
    public double mean() {
        return count == 0 ? 0 : sum / count;
    }

    /**
     * This summary and another as one.
     *
     * @param other of other conditional weights
     * @return the summary of all
     */
    public EpsilonStatistics and(EpsilonStatistics other) {
        if (count == 0) {
            return other;
        }
        if (other.count == 0) {
            return this;
        }
        return new EpsilonStatistics(
                count + other.count, sum + other.sum, Math.min(min, other.min), Math.max(max, other.max));
    }
}
