package io.eider.experiments.train;

/** How examples are weighted. */
public enum Method {
    /** All examples alike, to the end: the baseline. */
    CE,
    /** All alike in stage 1; class weights and learned conditional weights in stage 2. */
    OURS
}
