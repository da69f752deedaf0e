package io.eider.experiments.train;

/** For which epochs of stage 2 the weight of every example is written down. */
public enum LogWeights {
    /** None. */
    NONE,
    /** The last of the run. */
    LAST,
    /** All of them. */
    ALL
}
