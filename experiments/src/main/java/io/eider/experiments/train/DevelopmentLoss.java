package io.eider.experiments.train;

/** The loss of a development example. */
public enum DevelopmentLoss {
    /** Cross-entropy of the plain logits, whatever the training examples have. */
    CE,
    /** The loss of the training examples. */
    TRAINING
}
