package io.eider.engine.graph;

/**
 * What is known of a tensor before it is computed.
 *
 * @param dtype element type
 * @param shape extents
 */
public record TensorType(DType dtype, Shape shape) {
    /** Returns the 32-bit floating type with these extents. */
    public static TensorType f32(int... dims) {
        return new TensorType(DType.F32, Shape.of(dims));
    }

    /** Returns the 32-bit integer type with these extents. */
    public static TensorType i32(int... dims) {
        return new TensorType(DType.I32, Shape.of(dims));
    }

    /** Returns the type of unsigned bytes with these extents. */
    public static TensorType u8(int... dims) {
        return new TensorType(DType.U8, Shape.of(dims));
    }

    /** Returns this element type with another shape. */
    public TensorType withShape(Shape other) {
        return new TensorType(dtype, other);
    }

    /** Returns these extents with another element type. */
    public TensorType withDType(DType other) {
        return new TensorType(other, shape);
    }

    /** Returns the size in bytes. */
    public long bytes() {
        return shape.size() * dtype.bytes();
    }

    @Override
    public String toString() {
        return dtype.name().toLowerCase(java.util.Locale.ROOT) + shape;
    }
}
