package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Buffer;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.TensorType;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;

/** A tensor in a {@link Block} of its own. */
final class CpuBuffer implements Buffer {
    private final TensorType type;
    private final Block block;
    private final FloatPointer floats;
    private final IntPointer ints;

    CpuBuffer(TensorType type, Block block) {
        this.type = type;
        this.block = block;
        // Made once: a training loop reads and writes every step and leaves no garbage.
        this.floats = Address.floats(block.address());
        this.ints = Address.ints(block.address());
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
        floats.put(source);
    }

    @Override
    public void write(double[] source) {
        float[] rounded = new float[source.length];
        for (int i = 0; i < source.length; i++) {
            rounded[i] = (float) source[i];
        }
        write(rounded);
    }

    @Override
    public void write(int[] source) {
        check("integers", type.dtype() == DType.I32, source.length);
        ints.put(source);
    }

    @Override
    public void read(float[] target) {
        check("numbers", true, target.length);
        if (type.dtype() == DType.F32) {
            floats.get(target);
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
            float[] rounded = new float[target.length];
            read(rounded);
            for (int i = 0; i < target.length; i++) {
                target[i] = rounded[i];
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
        ints.get(integers);
        return integers;
    }

    private void check(String what, boolean holdsThem, long count) {
        block.checkOpen();
        if (!holdsThem || count != type.shape().size()) {
            throw new IllegalArgumentException("a tensor " + type + " holds "
                    + type.shape().size() + " elements of type " + type.dtype() + ", not " + count + " " + what);
        }
    }
}
