package io.eider.experiments.train;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is known after an epoch.
 *
 * @param epoch counted from 0
 * @param stage 1 or 2
 * @param learningRate of the optimiser
 * @param eta step size of the look-ahead; of no meaning in stage 1
 * @param lookAheadMoved share of filter weights in bf16 that the last look-ahead moved; nothing in f32 or without one
 * @param totals sums over the training steps
 * @param test the look at the test set, if there was one
 * @param steps training steps that were run, fewer than the epoch has after a resume within it
 * @param images images in them
 * @param trainSeconds time for them
 * @param testSeconds time for the look at the test set
 */
public record EpochMetrics(
        int epoch,
        int stage,
        double learningRate,
        double eta,
        OptionalDouble lookAheadMoved,
        EpochTotals.Snapshot totals,
        Optional<Accuracy> test,
        int steps,
        long images,
        double trainSeconds,
        double testSeconds) {

    /**
     * Training speed.
     *
     * @return training images a second
     */
    public double imagesPerSecond() {
        return images / trainSeconds;
    }
}
