package io.eider.engine.graph;

import java.util.Arrays;

/** Extents of a tensor, outermost axis first; rank 0 is a scalar. Tensors are contiguous in this order. Immutable. */
public final class Shape {
    /** The shape of a scalar. */
    public static final Shape SCALAR = new Shape(new int[0]);

    private final int[] dims;

    private Shape(int[] dims) {
        this.dims = dims;
    }

    /**
     * Returns the shape with the given extents.
     *
     * @param dims extents, each at least 0
     * @throws IllegalArgumentException if an extent is negative
     */
    public static Shape of(int... dims) {
        for (int dim : dims) {
            if (dim < 0) {
                throw new IllegalArgumentException("shape " + Arrays.toString(dims) + " has a negative extent");
            }
        }
        return new Shape(dims.clone());
    }

    /** Returns the number of axes. */
    public int rank() {
        return dims.length;
    }

    /** Returns the extent of one axis; negative axes count from the end. */
    public int dim(int axis) {
        return dims[axis < 0 ? axis + dims.length : axis];
    }

    /** Returns a copy of the extents. */
    public int[] dims() {
        return dims.clone();
    }

    /** Returns the number of elements; 1 for a scalar. */
    public long size() {
        long size = 1;
        for (int dim : dims) {
            size *= dim;
        }
        return size;
    }

    /** Returns the number of elements between neighbours along each axis. */
    public long[] strides() {
        long[] strides = new long[dims.length];
        long stride = 1;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= dims[axis];
        }
        return strides;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    @Override
    public String toString() {
        return Arrays.toString(dims);
    }
}
