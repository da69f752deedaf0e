package io.eider.engine.graph;

/**
 * Element type of a tensor. The reference backend computes every floating type in 64 bits, whatever is declared, and
 * rounds what is stored as {@link #BF16}.
 */
public enum DType {
    /** IEEE 754 binary32; the default, and the accuracy other precisions are judged by. */
    F32(4),
    /** bfloat16; storage and matrix operands only, sums are kept in {@link #F32}. */
    BF16(2),
    /** IEEE 754 binary64; reference backend only. */
    F64(8),
    /** 32-bit signed integer: labels and draws. Has no derivative. */
    I32(4),
    /**
     * 8-bit unsigned integer, 0…255: pixels that a caller sets, and places within windows. There is no arithmetic on it, and
     * it has no derivative.
     */
    U8(1);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Returns the size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Returns the type in which sums of such elements are kept: {@link #F32} for {@link #BF16}, else the type itself. */
    public DType ofSums() {
        return this == BF16 ? F32 : this;
    }

    /** Returns what is left of a number that is stored: only {@link #BF16} is rounded. */
    public double stored(double value) {
        return this == BF16 ? BFloat16.round(value) : value;
    }

    /** Returns whether tensors of this type have derivatives. */
    public boolean isFloating() {
        return this == F32 || this == BF16 || this == F64;
    }
}
