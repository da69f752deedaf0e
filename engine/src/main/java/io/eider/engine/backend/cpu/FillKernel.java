package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.op.primitive.Fill;
import io.eider.natives.Kernels;
import org.bytedeco.javacpp.FloatPointer;

/** {@link Fill} of tensors too large to be kept from run to run. */
final class FillKernel implements Kernel {
    @Override
    public Class<? extends Op> op() {
        return Fill.class;
    }

    @Override
    public Prepared prepare(Node node) {
        Fill fill = (Fill) node.op();
        return new Filled(fill.type().shape().size(), bits(fill));
    }

    /** Returns the constant; an integer as the float of the same bits. */
    static float bits(Fill fill) {
        return fill.type().dtype() == DType.I32 ? Float.intBitsToFloat((int) fill.value()) : (float) fill.value();
    }

    /** Sets every element of the output. */
    static final class Filled extends OwnKernel {
        private final long size;
        private final float value;
        private FloatPointer y;

        Filled(long size, float value) {
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
}
