package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.primitive.Fill;
import io.eider.natives.Kernels;
import java.util.Set;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.ShortPointer;

/** {@link Fill} of tensors too large to be kept from run to run. */
final class FillKernel implements Kernel {
    @Override
    public Class<? extends Op> op() {
        return Fill.class;
    }

    @Override
    public Set<DType> dtypes() {
        return CpuDevice.DTYPES;
    }

    @Override
    public Prepared prepare(Node node) {
        Fill fill = (Fill) node.op();
        return filled(fill.type(), fill.value());
    }

    /** Returns what sets every element of the output to a constant. */
    static Prepared filled(TensorType type, double value) {
        long size = type.shape().size();
        return switch (type.dtype()) {
            case BF16 -> new FilledBFloats(size, (float) value);
            // An integer is the float of the same bits.
            case I32 -> new Filled(size, Float.intBitsToFloat((int) value));
            default -> new Filled(size, (float) value);
        };
    }

    private static final class Filled extends OwnKernel {
        private final long size;
        private final float value;
        private FloatPointer y;

        private Filled(long size, float value) {
            super("eider_fill");
            this.size = size;
            this.value = value;
        }

        @Override
        public void bind(long[] inputs, long[] outputs, long workspace) {
            y = Address.floats(outputs[0]);
        }

        @Override
        public void run() {
            done(Kernels.eider_fill_f32(size, value, y));
        }
    }

    private static final class FilledBFloats extends OwnKernel {
        private final long size;
        private final float value;
        private ShortPointer y;

        private FilledBFloats(long size, float value) {
            super("eider_fill");
            this.size = size;
            this.value = value;
        }

        @Override
        public void bind(long[] inputs, long[] outputs, long workspace) {
            y = Address.bfloats(outputs[0]);
        }

        @Override
        public void run() {
            done(Kernels.eider_fill_bf16(size, value, y));
        }
    }
}
