package io.eider.experiments.train;

import static io.eider.engine.op.fused.CrossEntropy.crossEntropy;
import static io.eider.engine.op.fused.Focal.focal;
import static io.eider.engine.op.fused.Ldam.ldam;
import static io.eider.engine.op.fused.SigmoidFocal.sigmoidFocal;

import io.eider.engine.graph.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * A loss with its constants.
 *
 * @param loss which
 * @param gamma γ of the focal losses
 * @param scale s of LDAM
 * @param margins m_c of LDAM (C)
 * @param logPriors log(n_c / Σ n) of Balanced Softmax (C)
 */
record ExampleLoss(Loss loss, double gamma, double scale, List<Double> margins, List<Double> logPriors) {
    /** Cross-entropy, which has no constants. */
    static final ExampleLoss CROSS_ENTROPY = new ExampleLoss(Loss.CE, 0, 0, List.of(), List.of());

    /**
     * A loss for training images of these counts.
     *
     * @param counts training images of each class (C)
     * @param gamma γ of the focal losses
     * @param scale s of LDAM
     * @param maxMargin of LDAM, the margin of the smallest class
     */
    static ExampleLoss of(Loss loss, int[] counts, double gamma, double scale, double maxMargin) {
        return new ExampleLoss(loss, gamma, scale, margins(counts, maxMargin), logPriors(counts));
    }

    /** Returns the losses (n) of logits (n, C). */
    Tensor of(Tensor logits, ExampleInputs inputs) {
        return switch (loss) {
            case CE -> crossEntropy(logits, inputs.labels());
            case FOCAL -> focal(gamma, logits, inputs.labels());
            case SIGMOID_FOCAL -> sigmoidFocal(gamma, logits, inputs.labels());
            case LDAM -> ldam(scale, logits, inputs.labels(), inputs.margins().orElseThrow());
            case BALANCED_SOFTMAX -> crossEntropy(logits.plus(inputs.logPriors().orElseThrow()), inputs.labels());
        };
    }

    /** m_c ∝ n_c^(−1/4), the largest of them {@code maxMargin}. Cao et al. 2019, equation 13. */
    private static List<Double> margins(int[] counts, double maxMargin) {
        double[] roots =
                Arrays.stream(counts).mapToDouble(n -> Math.pow(n, -0.25)).toArray();
        double largest = Arrays.stream(roots).max().orElseThrow();
        return Arrays.stream(roots)
                .mapToObj(root -> root * (maxMargin / largest))
                .toList();
    }

    private static List<Double> logPriors(int[] counts) {
        double total = Arrays.stream(counts).sum();
        return Arrays.stream(counts).mapToObj(n -> Math.log(n / total)).toList();
    }
}
