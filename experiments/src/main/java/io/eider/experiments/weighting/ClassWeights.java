package io.eider.experiments.weighting;

import java.util.Arrays;

/** Class-wise weights w_y from training counts; computed once, never learned. */
public final class ClassWeights {
    private ClassWeights() {}

    /**
     * Weights by the inverse effective number of images: w_y ∝ (1 − β) / (1 − β^n_y), scaled so that their mean over
     * classes (not over images) is 1. Cui et al., CVPR 2019.
     *
     * @param counts training images of each class (C), each at least 1
     * @param beta β in [0, 1): 0 weighs all classes alike, towards 1 it weighs by 1/n_y
     * @return w (C)
     * @throws IllegalArgumentException if a class is empty or β is not in [0, 1)
     */
    public static double[] effectiveNumber(int[] counts, double beta) {
        if (!(beta >= 0 && beta < 1)) {
            throw new IllegalArgumentException("beta must be in [0, 1), got " + beta);
        }
        double[] weights = new double[counts.length];
        for (int c = 0; c < counts.length; c++) {
            if (counts[c] < 1) {
                throw new IllegalArgumentException("class " + c + " has no training image, so it has no weight");
            }
            weights[c] = (1 - beta) / (1 - Math.pow(beta, counts[c]));
        }
        double scale = counts.length / Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight * scale).toArray();
    }
}
