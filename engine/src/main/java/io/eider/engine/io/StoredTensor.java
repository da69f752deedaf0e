package io.eider.engine.io;

import io.eider.engine.graph.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The numbers of one tensor as a file holds them: row-major, little-endian. Immutable. */
public final class StoredTensor {
    private final StoredType type;
    private final Shape shape;
    private final ByteBuffer data;

    /** Takes the array over; the file's reader has checked its length. */
    StoredTensor(StoredType type, Shape shape, byte[] data) {
        this.type = type;
        this.shape = shape;
        this.data = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Returns a tensor of type F32.
     *
     * @throws IllegalArgumentException if their count is not the shape's size
     */
    public static StoredTensor of(Shape shape, float... values) {
        StoredTensor tensor = allocate(StoredType.F32, shape, values.length);
        tensor.data.asFloatBuffer().put(values);
        return tensor;
    }

    /**
     * Returns a tensor of type F64.
     *
     * @throws IllegalArgumentException if their count is not the shape's size
     */
    public static StoredTensor of(Shape shape, double... values) {
        StoredTensor tensor = allocate(StoredType.F64, shape, values.length);
        tensor.data.asDoubleBuffer().put(values);
        return tensor;
    }

    /**
     * Returns a tensor of type I32.
     *
     * @throws IllegalArgumentException if their count is not the shape's size
     */
    public static StoredTensor of(Shape shape, int... values) {
        StoredTensor tensor = allocate(StoredType.I32, shape, values.length);
        tensor.data.asIntBuffer().put(values);
        return tensor;
    }

    /**
     * Returns a tensor of type I64.
     *
     * @throws IllegalArgumentException if their count is not the shape's size
     */
    public static StoredTensor of(Shape shape, long... values) {
        StoredTensor tensor = allocate(StoredType.I64, shape, values.length);
        tensor.data.asLongBuffer().put(values);
        return tensor;
    }

    private static StoredTensor allocate(StoredType type, Shape shape, int count) {
        if (shape.size() != count) {
            throw new IllegalArgumentException("a tensor of shape " + shape + " cannot take " + count + " numbers");
        }
        return new StoredTensor(type, shape, new byte[Math.multiplyExact(count, type.bytes())]);
    }

    /** Returns the element type. */
    public StoredType type() {
        return type;
    }

    /** Returns the extents. */
    public Shape shape() {
        return shape;
    }

    /**
     * Returns the numbers; those of type F64 are rounded.
     *
     * @throws IllegalStateException if they are integers
     */
    public float[] floats() {
        checkFloating(true);
        float[] values = new float[size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) floatingAt(i);
        }
        return values;
    }

    /**
     * Returns the numbers, exactly.
     *
     * @throws IllegalStateException if they are integers
     */
    public double[] doubles() {
        checkFloating(true);
        double[] values = new double[size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = floatingAt(i);
        }
        return values;
    }

    /**
     * Returns the integers.
     *
     * @throws IllegalStateException if they are floating-point numbers
     */
    public long[] longs() {
        checkFloating(false);
        long[] values = new long[size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = type == StoredType.I64 ? data.getLong(i * Long.BYTES) : data.getInt(i * Integer.BYTES);
        }
        return values;
    }

    byte[] bytes() {
        return data.array();
    }

    private double floatingAt(int i) {
        return switch (type) {
            case F32 -> data.getFloat(i * Float.BYTES);
            case F64 -> data.getDouble(i * Double.BYTES);
            case BF16 -> Float.intBitsToFloat(data.getShort(i * Short.BYTES) << Short.SIZE);
            case I32, I64 -> throw new IllegalStateException("checked before");
        };
    }

    private void checkFloating(boolean floating) {
        if (type.isFloating() != floating) {
            throw new IllegalStateException(
                    "a stored tensor of type " + type + " holds " + (floating ? "integers" : "floating-point numbers"));
        }
    }

    private int size() {
        return (int) shape.size();
    }

    @Override
    public String toString() {
        return type + shape.toString();
    }
}
