package io.eider.engine.backend;

import io.eider.engine.graph.TensorType;

/** The numbers of one tensor on a device, row-major. Reads and writes copy the whole tensor. */
public interface Buffer {
    /** Returns element type and shape. */
    TensorType type();

    /**
     * Copies numbers in.
     *
     * @throws IllegalArgumentException if their count is not the tensor's size, or it holds integers
     */
    void write(float[] source);

    /** Copies numbers in, rounded to the element type. */
    void write(double[] source);

    /** Copies integers in; the tensor must be of type i32. */
    void write(int[] source);

    /** Copies bytes in, whose eight bits are 0…255; the tensor must be of type u8. */
    void write(byte[] source);

    /**
     * Copies numbers out.
     *
     * @throws IllegalArgumentException if their count is not the tensor's size
     */
    void read(float[] target);

    /** Copies numbers out, exactly. */
    void read(double[] target);
}
