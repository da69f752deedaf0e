package io.eider.experiments.train;

/** The loss of one example. */
public enum Loss {
    /** Softmax cross-entropy. */
    CE,
    /** Softmax focal loss. Lin et al., ICCV 2017. */
    FOCAL,
    /** Focal loss of one-vs-all sigmoids, summed over the classes. Cui et al., CVPR 2019. */
    SIGMOID_FOCAL,
    /** Cross-entropy of scaled cosines with a margin that is larger for rarer classes. Cao et al., NeurIPS 2019. */
    LDAM,
    /** Cross-entropy of logits shifted by the logarithm of the class frequencies. Ren et al., NeurIPS 2020. */
    BALANCED_SOFTMAX
}
