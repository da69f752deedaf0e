package io.eider.models.resnet;

/** What turns the pooled features of a residual network into logits. */
public enum Head {
    /** {@link io.eider.models.nn.Linear}: weight and bias. */
    LINEAR,
    /** {@link io.eider.models.nn.NormalisedLinear}: cosines, as LDAM needs. */
    NORMALISED
}
