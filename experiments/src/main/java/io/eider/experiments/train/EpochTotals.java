package io.eider.experiments.train;

import java.util.List;

/** Running sums over the steps of one epoch. Adding allocates nothing. */
final class EpochTotals {
    /**
     * The sums as a value, as a checkpoint keeps them.
     *
     * @param examples images seen
     * @param correct those that the network, in train mode, would have classified right
     * @param loss Σ l_i
     * @param weightedLoss Σ weight_i · l_i
     * @param epsilon conditional weights of each class; none where none are learned
     * @param weights final weights of each class
     */
    record Snapshot(
            long examples,
            long correct,
            double loss,
            double weightedLoss,
            List<Statistics> epsilon,
            List<Statistics> weights) {
        static Snapshot empty(int classes) {
            return new EpochTotals(classes).snapshot();
        }

        double meanLoss() {
            return loss / examples;
        }

        double meanWeightedLoss() {
            return weightedLoss / examples;
        }

        double error() {
            return 100 - 100.0 * correct / examples;
        }

        Statistics allEpsilon() {
            return epsilon.stream().reduce(Statistics.NONE, Statistics::and);
        }
    }

    private long examples;
    private long correct;
    private double loss;
    private double weightedLoss;
    private final ClassStatistics epsilon;
    private final ClassStatistics weights;

    EpochTotals(int classes) {
        epsilon = new ClassStatistics(classes);
        weights = new ClassStatistics(classes);
    }

    /** Adds losses l_i and final weights of n images, some of which were classified right. */
    void addLosses(float[] losses, float[] finalWeights, int[] labels, int n, int right) {
        for (int i = 0; i < n; i++) {
            loss += losses[i];
            weightedLoss += (double) finalWeights[i] * losses[i];
        }
        weights.add(finalWeights, labels, n);
        examples += n;
        correct += right;
    }

    /** Adds the first n conditional weights. */
    void addEpsilon(float[] values, int[] labels, int n) {
        epsilon.add(values, labels, n);
    }

    void clear() {
        examples = 0;
        correct = 0;
        loss = 0;
        weightedLoss = 0;
        epsilon.clear();
        weights.clear();
    }

    Snapshot snapshot() {
        return new Snapshot(examples, correct, loss, weightedLoss, epsilon.snapshot(), weights.snapshot());
    }

    void restore(Snapshot snapshot) {
        examples = snapshot.examples();
        correct = snapshot.correct();
        loss = snapshot.loss();
        weightedLoss = snapshot.weightedLoss();
        epsilon.restore(snapshot.epsilon());
        weights.restore(snapshot.weights());
    }
}
