package io.eider.experiments.train;

import java.util.List;
import java.util.Optional;

/**
 * Where a run stands, apart from the numbers on the device.
 *
 * @param epoch the epoch to go on in, counted from 0
 * @param step the step of it to go on with
 * @param totals sums over the steps of this epoch so far
 * @param last the latest look at the test set, or null
 * @param best the look with the smallest error, or null
 * @param epsilon conditional weights by class in the last finished epoch
 */
record TrainingState(
        int epoch, int step, EpochTotals.Snapshot totals, Accuracy last, Accuracy best, List<Statistics> epsilon) {

    static TrainingState start(int epoch, int classes) {
        EpochTotals.Snapshot empty = EpochTotals.Snapshot.empty(classes);
        return new TrainingState(epoch, 0, empty, null, null, empty.epsilon());
    }

    /** The state in the middle of an epoch. */
    TrainingState at(int newStep, EpochTotals.Snapshot sums) {
        return new TrainingState(epoch, newStep, sums, last, best, epsilon);
    }

    /** The state after the epoch. */
    TrainingState next(EpochTotals.Snapshot sums, Optional<Accuracy> test) {
        int classes = epsilon.size();
        return new TrainingState(
                epoch + 1,
                0,
                EpochTotals.Snapshot.empty(classes),
                test.orElse(last),
                improves(test) ? test.orElseThrow() : best,
                sums.epsilon());
    }

    /** Whether a look at the test set is the best so far; the first of equals is. */
    boolean improves(Optional<Accuracy> test) {
        return test.isPresent() && (best == null || test.orElseThrow().error() < best.error());
    }
}
