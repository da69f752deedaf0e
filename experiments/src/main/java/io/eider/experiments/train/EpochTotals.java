package io.eider.experiments.train;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Running sums over the steps of one epoch. Adding allocates nothing. */
final class EpochTotals {
    /**
     * The sums as a value, as a checkpoint keeps them.
     *
     * @param examples images seen
     * @param correct those that the network, in train mode, would have classified right
     * @param loss Σ l_i
     * @param weightedLoss Σ weight_i · l_i
     * @param epsilon of each class; no conditional weights in stage 1
     */
    record Snapshot(long examples, long correct, double loss, double weightedLoss, List<EpsilonStatistics> epsilon) {
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

        EpsilonStatistics allEpsilon() {
            return epsilon.stream().reduce(EpsilonStatistics.NONE, EpsilonStatistics::and);
        }
    }

    private long examples;
    private long correct;
    private double loss;
    private double weightedLoss;
    private final long[] count;
    private final double[] sum;
    private final double[] min;
    private final double[] max;

    EpochTotals(int classes) {
        count = new long[classes];
        sum = new double[classes];
        min = new double[classes];
        max = new double[classes];
    }

    /** Adds losses l_i and final weights of n images, some of which were classified right. */
    void addLosses(float[] losses, float[] weights, int n, int right) {
        for (int i = 0; i < n; i++) {
            loss += losses[i];
            weightedLoss += (double) weights[i] * losses[i];
        }
        examples += n;
        correct += right;
    }

    /** Adds the first n conditional weights. */
    void addEpsilon(float[] epsilon, int[] labels, int n) {
        for (int i = 0; i < n; i++) {
            int c = labels[i];
            min[c] = count[c] == 0 ? epsilon[i] : Math.min(min[c], epsilon[i]);
            max[c] = count[c] == 0 ? epsilon[i] : Math.max(max[c], epsilon[i]);
            sum[c] += epsilon[i];
            count[c]++;
        }
    }

    void clear() {
        examples = 0;
        correct = 0;
        loss = 0;
        weightedLoss = 0;
        Arrays.fill(count, 0);
        Arrays.fill(sum, 0);
        Arrays.fill(min, 0);
        Arrays.fill(max, 0);
    }

    Snapshot snapshot() {
        return new Snapshot(
                examples,
                correct,
                loss,
                weightedLoss,
                IntStream.range(0, count.length)
                        .mapToObj(c -> new EpsilonStatistics(count[c], sum[c], min[c], max[c]))
                        .toList());
    }

    void restore(Snapshot snapshot) {
        examples = snapshot.examples();
        correct = snapshot.correct();
        loss = snapshot.loss();
        weightedLoss = snapshot.weightedLoss();
        for (int c = 0; c < count.length; c++) {
            EpsilonStatistics statistics = snapshot.epsilon().get(c);
            count[c] = statistics.count();
            sum[c] = statistics.sum();
            min[c] = statistics.min();
            max[c] = statistics.max();
        }
    }
}
