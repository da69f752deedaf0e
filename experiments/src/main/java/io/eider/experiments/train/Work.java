package io.eider.experiments.train;

/**
 * How much there is to compute, in images by kind of step.
 *
 * @param plain training images of steps without look-ahead
 * @param lookAhead training images of steps with it
 * @param test test images
 */
public record Work(long plain, long lookAhead, long test) {
    /** Nothing. */
    public static final Work NONE = new Work(0, 0, 0);

    /**
     * The work of a run.
     *
     * @param config what is done
     * @param data with what
     * @param epoch the first epoch that is left, from 0
     * @return until the end
     */
    public static Work of(TrainConfig config, LongTailData data, int epoch) {
        int first = data.split().train().length;
        int second = config.stage2Images().of(data.split(), data.images()).length;
        long plain = 0;
        long lookAhead = 0;
        long test = 0;
        for (int e = epoch; e < config.epochs(); e++) {
            if (config.stage(e) == 1) {
                plain += first;
            } else if (config.looksAhead()) {
                lookAhead += second;
            } else {
                plain += second;
            }
            test += config.evaluatesAfter(e) ? data.test().size() : 0;
        }
        return new Work(plain, lookAhead, test);
    }

    /**
     * This and more.
     *
     * @param other more
     * @return the sum
     */
    public Work plus(Work other) {
        return new Work(plain + other.plain, lookAhead + other.lookAhead, test + other.test);
    }
}
