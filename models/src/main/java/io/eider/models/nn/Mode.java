package io.eider.models.nn;

/** Which statistics batch normalisation uses. */
public enum Mode {
    /** Statistics of the batch; running statistics take a step towards them. */
    TRAIN,
    /** Running statistics, which stay as they are. */
    EVAL
}
