package io.eider.models.nn;

import io.eider.engine.graph.Tensor;

/**
 * What a layer with running statistics gives.
 *
 * @param value its output
 * @param state the state after it
 */
public record Activation(Tensor value, State state) {}
