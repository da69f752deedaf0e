package io.eider.models.nn;

import io.eider.engine.graph.TensorType;

/**
 * One tensor that a network keeps: a parameter or a running statistic.
 *
 * @param name its name in files
 * @param type its type; filters are (O, H, W, I)
 * @param initialiser its numbers before training
 */
public record Declaration(String name, TensorType type, Initialiser initialiser) {}
