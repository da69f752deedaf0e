package io.eider.experiments.train;

/** How examples are weighted in stage 2. In stage 1 all count alike. */
public enum Method {
    /** All alike. */
    UNIFORM,
    /** By class: w_y from the effective number of images. Cui et al., CVPR 2019. */
    CLASS_BALANCED,
    /** By a clipped and normalised step down the development loss. Ren et al., ICML 2018. */
    L2RW,
    /** By a small network that learns from the development loss. Shu et al., NeurIPS 2019. */
    META_WEIGHT_NET,
    /** By class, plus conditional weights learned from the development loss. Jamal et al., CVPR 2020. */
    OURS;

    /** Returns whether the method asks for development batches. */
    public boolean looksAhead() {
        return this != UNIFORM && this != CLASS_BALANCED;
    }
}
