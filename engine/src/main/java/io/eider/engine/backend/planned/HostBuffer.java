package io.eider.engine.backend.planned;

import io.eider.engine.backend.Buffer;
import io.eider.engine.graph.BFloat16;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.TensorType;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.ShortPointer;

/** A tensor in memory that the host can read and write. */
public final class HostBuffer implements Buffer {
    private final TensorType type;
    private final Block block;
    private final FloatPointer floats;
    private final ShortPointer bfloats;
    private final IntPointer ints;
    private final BytePointer bytes;

    /** Creates it over the beginning of a block. */
    public HostBuffer(TensorType type, Block block) {
        this(type, block, 0);
    }

    /** Creates it over a part of a block that begins at an offset in bytes. */
    public HostBuffer(TensorType type, Block block, long offset) {
        this.type = type;
        this.block = block;
        // Made once: a training loop reads and writes every step and leaves no garbage.
        this.floats = Address.floats(block.address() + offset);
        this.bfloats = Address.bfloats(block.address() + offset);
        this.ints = Address.ints(block.address() + offset);
        this.bytes = Address.bytes(block.address() + offset);
    }

    @Override
    public TensorType type() {
        return type;
    }

    @Override
    public void write(float[] source) {
        check("floating numbers", type.dtype().isFloating(), source.length);
        if (type.dtype() == DType.F32) {
            floats.put(source);
        } else {
            short[] bits = new short[source.length];
            for (int i = 0; i < bits.length; i++) {
                bits[i] = BFloat16.bits(source[i]);
            }
            bfloats.put(bits);
        }
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
    public void write(byte[] source) {
        check("bytes", type.dtype() == DType.U8, source.length);
        bytes.put(source);
    }

    @Override
    public void read(float[] target) {
        check("numbers", true, target.length);
        switch (type.dtype()) {
            case F32 -> floats.get(target);
            case BF16 -> {
                short[] bits = new short[target.length];
                bfloats.get(bits);
                for (int i = 0; i < target.length; i++) {
                    target[i] = BFloat16.value(bits[i]);
                }
            }
            default -> {
                int[] integers = integers();
                for (int i = 0; i < target.length; i++) {
                    target[i] = integers[i];
                }
            }
        }
    }

    @Override
    public void read(double[] target) {
        check("numbers", true, target.length);
        if (type.dtype().isFloating()) {
            float[] exact = new float[target.length];
            read(exact);
            for (int i = 0; i < target.length; i++) {
                target[i] = exact[i];
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
        if (type.dtype() == DType.I32) {
            ints.get(integers);
        } else {
            byte[] unsigned = new byte[integers.length];
            bytes.get(unsigned);
            Arrays.setAll(integers, i -> Byte.toUnsignedInt(unsigned[i]));
        }
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
