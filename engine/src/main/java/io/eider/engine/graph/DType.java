package io.eider.engine.graph;

/** Element type of a tensor. The reference backend computes every floating type in 64 bits, whatever is declared. */
public enum DType {
    /** IEEE 754 binary32; the default, and the accuracy other precisions are judged by. */
    F32(4),
    /** bfloat16; storage and matrix operands only, sums are kept in {@link #F32}. */
    BF16(2),
    /** IEEE 754 binary64; reference backend only. */
    F64(8),
    /** 32-bit signed integer: labels. Has no derivative. */
    I32(4);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Returns the size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Returns whether tensors of this type have derivatives. */
    public boolean isFloating() {
        return this != I32;
    }
}
