package io.eider.experiments.train;

/** The class with the largest logit; the first of equals. */
final class Predictions {
    private Predictions() {}

    /** The predicted class of row i of logits (n, classes). */
    static int of(float[] logits, int i, int classes) {
        int largest = 0;
        for (int c = 1; c < classes; c++) {
            if (logits[i * classes + c] > logits[i * classes + largest]) {
                largest = c;
            }
        }
        return largest;
    }

    /** How many of the first n rows of logits have their label as prediction. */
    static int correct(float[] logits, int[] labels, int n) {
        int classes = logits.length / labels.length;
        int correct = 0;
        for (int i = 0; i < n; i++) {
            if (of(logits, i, classes) == labels[i]) {
                correct++;
            }
        }
        return correct;
    }
}
