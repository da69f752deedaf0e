package io.eider.engine.backend.reference;

import io.eider.engine.backend.Buffer;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.TensorType;

/** A tensor's numbers as doubles, rounded when written if they are of type bf16. */
final class ReferenceBuffer implements Buffer {
    private final TensorType type;
    private double[] values;

    ReferenceBuffer(TensorType type) {
        this.type = type;
        this.values = new double[(int) type.shape().size()];
    }

    double[] values() {
        return values;
    }

    void replace(double[] next) {
        values = next;
    }

    @Override
    public TensorType type() {
        return type;
    }

    @Override
    public void write(float[] source) {
        checkFloating();
        check(source.length);
        double[] next = new double[source.length];
        for (int i = 0; i < source.length; i++) {
            next[i] = type.dtype().stored(source[i]);
        }
        values = next;
    }

    @Override
    public void write(double[] source) {
        checkFloating();
        check(source.length);
        double[] next = new double[source.length];
        for (int i = 0; i < source.length; i++) {
            next[i] = type.dtype().stored(source[i]);
        }
        values = next;
    }

    @Override
    public void write(int[] source) {
        checkTakes(DType.I32, "integers");
        check(source.length);
        double[] next = new double[source.length];
        for (int i = 0; i < source.length; i++) {
            next[i] = source[i];
        }
        values = next;
    }

    @Override
    public void write(byte[] source) {
        checkTakes(DType.U8, "bytes");
        check(source.length);
        double[] next = new double[source.length];
        for (int i = 0; i < source.length; i++) {
            next[i] = Byte.toUnsignedInt(source[i]);
        }
        values = next;
    }

    @Override
    public void read(float[] target) {
        check(target.length);
        for (int i = 0; i < target.length; i++) {
            target[i] = (float) values[i];
        }
    }

    @Override
    public void read(double[] target) {
        check(target.length);
        System.arraycopy(values, 0, target, 0, target.length);
    }

    private void checkFloating() {
        if (!type.dtype().isFloating()) {
            throw new IllegalArgumentException("a tensor of type " + type + " takes no floating numbers");
        }
    }

    private void checkTakes(DType dtype, String what) {
        if (type.dtype() != dtype) {
            throw new IllegalArgumentException("a tensor of type " + type + " takes no " + what);
        }
    }

    private void check(int length) {
        if (length != values.length) {
            throw new IllegalArgumentException(
                    "a tensor of type " + type + " has " + values.length + " numbers, not " + length);
        }
    }
}
