package io.eider.experiments.train;

import java.util.List;

/**
 * How a run ended.
 *
 * @param config what was asked for
 * @param classNames by class
 * @param counts training images by class
 * @param last on the test set after the last epoch
 * @param best on the test set after the epoch with the smallest error there
 * @param epsilon conditional weights by class in the last epoch; empty summaries without stage 2
 */
public record TrainedRun(
        TrainConfig config,
        List<String> classNames,
        List<Integer> counts,
        Accuracy last,
        Accuracy best,
        List<Statistics> epsilon) {}
