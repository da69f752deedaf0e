package io.eider.experiments.train;

import java.util.List;

/**
 * What a network got right on a labelled set.
 *
 * @param epoch the epoch after which, counted from 0
 * @param correct right answers in each class
 * @param images images in each class
 */
public record Accuracy(int epoch, List<Integer> correct, List<Integer> images) {
    /** Copies the lists. */
    public Accuracy {
        correct = List.copyOf(correct);
        images = List.copyOf(images);
    }

    /**
     * Wrong answers among all images.
     *
     * @return percent
     */
    public double error() {
        return 100 - 100.0 * total(correct) / total(images);
    }

    /**
     * Right answers in one class.
     *
     * @param c the class
     * @return percent; not a number if the set has none of it
     */
    public double ofClass(int c) {
        return 100.0 * correct.get(c) / images.get(c);
    }

    private static long total(List<Integer> counts) {
        return counts.stream().mapToLong(Integer::longValue).sum();
    }
}
