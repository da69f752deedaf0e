package io.eider.experiments.train;

/**
 * Summary of numbers, such as the conditional weights ε_i of a class. Mergeable in any order: no difference of large sums.
 *
 * @param count how many
 * @param mean their mean, 0 if there is none
 * @param squares sum of their squared distances from the mean
 * @param min the smallest, 0 if there is none
 * @param max the largest, 0 if there is none
 */
public record Statistics(long count, double mean, double squares, double min, double max) {
    /** Of nothing. */
    public static final Statistics NONE = new Statistics(0, 0, 0, 0, 0);

    /**
     * Their standard deviation.
     *
     * @return √(squares / count), 0 if there is none
     */
    public double deviation() {
        return count == 0 ? 0 : Math.sqrt(squares / count);
    }

    /**
     * This summary and another as one.
     *
     * @param other of other numbers
     * @return the summary of all
     */
    public Statistics and(Statistics other) {
        if (count == 0) {
            return other;
        }
        if (other.count == 0) {
            return this;
        }
        long all = count + other.count;
        double distance = other.mean - mean;
        return new Statistics(
                all,
                mean + distance * other.count / all,
                squares + other.squares + distance * distance * count * other.count / all,
                Math.min(min, other.min),
                Math.max(max, other.max));
    }
}
