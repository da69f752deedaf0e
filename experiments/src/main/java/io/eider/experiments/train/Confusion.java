package io.eider.experiments.train;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What images of each class were taken for. */
final class Confusion {
    private final int[][] counts;

    /** Nothing yet, of a number of classes. */
    Confusion(int classes) {
        counts = new int[classes][classes];
    }

    /** Adds an image. */
    void add(int label, int prediction) {
        counts[label][prediction]++;
    }

    /** Returns the right answers among them. */
    Accuracy accuracy(int epoch) {
        List<Integer> correct =
                IntStream.range(0, counts.length).mapToObj(c -> counts[c][c]).toList();
        List<Integer> images =
                Arrays.stream(counts).map(row -> Arrays.stream(row).sum()).toList();
        return new Accuracy(epoch, correct, images);
    }

    /** Returns a row for each true class: its name, then how many of its images were taken for each class. */
    String csv(List<String> names) {
        StringBuilder text = new StringBuilder("true," + String.join(",", names) + "\n");
        for (int c = 0; c < counts.length; c++) {
            text.append(names.get(c))
                    .append(Arrays.stream(counts[c]).mapToObj(n -> "," + n).collect(Collectors.joining()))
                    .append('\n');
        }
        return text.toString();
    }
}
