/**
 * The CPU backend: oneDNN for convolutions and matrix products, Eider's own C++ kernels for everything else. Numbers
 * are f32, or bf16 where a kernel takes that; labels i32, images NHWC, filters O,H,W,I; memory is one arena a device, planned before anything runs.
 *
 * <p>This is the only package that knows oneDNN.
 */
package io.eider.engine.backend.cpu;
