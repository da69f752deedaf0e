package io.eider.engine.io;

/** Element type of a tensor in a file; little-endian. */
public enum StoredType {
    /** IEEE 754 binary32. */
    F32(4),
    /** IEEE 754 binary64. */
    F64(8),
    /** bfloat16. */
    BF16(2),
    /** 32-bit signed integer. */
    I32(4),
    /** 64-bit signed integer. */
    I64(8);

    private final int bytes;

    StoredType(int bytes) {
        this.bytes = bytes;
    }

    /** Returns the size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Returns whether elements are floating-point numbers. */
    public boolean isFloating() {
        return this == F32 || this == F64 || this == BF16;
    }
}
