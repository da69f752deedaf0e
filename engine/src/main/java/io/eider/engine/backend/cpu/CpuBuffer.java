package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Buffer;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.TensorType;

/** A tensor in a {@link Block} of its own. */
final class CpuBuffer implements Buffer {
    private final TensorType type;
    private final Block block;

    CpuBuffer(TensorType type, Block block) {
        this.type = type;
        this.block = block;
    }

    Block block() {
        return block;
    }

    @Override
    public TensorType type() {
        return type;
    }

    @Override
    public void write(float[] source) {
        check("floating numbers", type.dtype() == DType.F32, source.length);
        Address.floats(block.address()).put(source);
    }

    @Override
    public void write(double[] source) {
        float[] floats = new float[source.length];
        for (int i = 0; i < source.length; i++) {
            floats[i] = (float) source[i];
        }
        write(floats);
    }

    @Override
    public void write(int[] source) {
        check("integers", type.dtype() == DType.I32, source.length);
        Address.ints(block.address()).put(source);
    }

    @Override
    public void read(float[] target) {
        check("numbers", true, target.length);
        if (type.dtype() == DType.F32) {
            Address.floats(block.address()).get(target);
        } else {
            int[] integers = integers();
            for (int i = 0; i < target.length; i++) {
                target[i] = integers[i];
            }
        }
    }

    @Override
    public void read(double[] target) {
        check("numbers", true, target.length);
        if (type.dtype() == DType.F32) {
            float[] floats = new float[target.length];
            read(floats);
            for (int i = 0; i < target.length; i++) {
                target[i] = floats[i];
            }
        } else {
            int[] integers = integers();
            for (int i = 0; i < target.length; i++) {
                target[i] = integers[i];
            }
        }
    }

    private int[] integers() {
        int[] integers = new int[(int) type.shape().size()];
        Address.ints(block.address()).get(integers);
        return integers;
    }

    private void check(String what, boolean holdsThem, long count) {
        if (!holdsThem || count != type.shape().size()) {
            throw new IllegalArgumentException("a tensor " + type + " holds "
                    + type.shape().size() + " elements of type " + type.dtype() + ", not " + count + " " + what);
        }
    }
}
