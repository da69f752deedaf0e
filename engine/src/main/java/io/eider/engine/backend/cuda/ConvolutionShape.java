package io.eider.engine.backend.cuda;

import io.eider.engine.graph.Shape;

/**
 * What a convolution and its two adjoints have in common: x (N, H, W, I), w (O, R, S, I), y (N, P, Q, O).
 *
 * @param x images
 * @param w filters
 * @param y results
 * @param stride pixels from one result to the next
 * @param padding zeros around an image
 * @param factors what the factors are taken for
 */
record ConvolutionShape(Shape x, Shape w, Shape y, int stride, int padding, Factors factors) {}
