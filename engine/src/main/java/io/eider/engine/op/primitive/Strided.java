package io.eider.engine.op.primitive;

/** Flat indices of a walk through memory: what repeating, reordering, slicing and reducing have in common. */
final class Strided {
    private Strided() {}

    /**
     * Returns {@code offset + Σ_k i_k · strides_k} for every index i of a box, in row-major order.
     *
     * @param dims extents of the box
     * @param strides elements between neighbours along each axis; 0 to stay in place
     * @param offset index of the box's first element
     */
    static int[] indices(int[] dims, long[] strides, long offset) {
        int size = 1;
        for (int dim : dims) {
            size *= dim;
        }
        int[] indices = new int[size];
        int[] position = new int[dims.length];
        long at = offset;
        for (int i = 0; i < size; i++) {
            indices[i] = (int) at;
            for (int axis = dims.length - 1; axis >= 0; axis--) {
                at += strides[axis];
                if (++position[axis] < dims[axis]) {
                    break;
                }
                at -= strides[axis] * dims[axis];
                position[axis] = 0;
            }
        }
        return indices;
    }
}
