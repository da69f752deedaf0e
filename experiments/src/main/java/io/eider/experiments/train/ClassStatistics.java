package io.eider.experiments.train;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Running {@link Statistics} of one number an image, by class. Adding allocates nothing. */
final class ClassStatistics {
    private final long[] count;
    private final double[] mean;
    private final double[] squares;
    private final double[] min;
    private final double[] max;

    ClassStatistics(int classes) {
        count = new long[classes];
        mean = new double[classes];
        squares = new double[classes];
        min = new double[classes];
        max = new double[classes];
    }

    /** Adds the first n numbers; Welford's rule. */
    void add(float[] values, int[] labels, int n) {
        for (int i = 0; i < n; i++) {
            int c = labels[i];
            double value = values[i];
            min[c] = count[c] == 0 ? value : Math.min(min[c], value);
            max[c] = count[c] == 0 ? value : Math.max(max[c], value);
            count[c]++;
            double distance = value - mean[c];
            mean[c] += distance / count[c];
            squares[c] += distance * (value - mean[c]);
        }
    }

    void clear() {
        Arrays.fill(count, 0);
        Arrays.fill(mean, 0);
        Arrays.fill(squares, 0);
        Arrays.fill(min, 0);
        Arrays.fill(max, 0);
    }

    List<Statistics> snapshot() {
        return IntStream.range(0, count.length)
                .mapToObj(c -> new Statistics(count[c], mean[c], squares[c], min[c], max[c]))
                .toList();
    }

    void restore(List<Statistics> snapshot) {
        for (int c = 0; c < count.length; c++) {
            Statistics statistics = snapshot.get(c);
            count[c] = statistics.count();
            mean[c] = statistics.mean();
            squares[c] = statistics.squares();
            min[c] = statistics.min();
            max[c] = statistics.max();
        }
    }
}
