package io.eider.experiments.train;

/** The loss of one example. */
public enum Loss {
    /** Cross-entropy. */
    CE
}
