package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.op.primitive.Cast;
import io.eider.natives.Kernels;
import java.util.Set;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.ShortPointer;

/** Casts between f32 and bf16. */
final class CastKernel implements Kernel {
    @Override
    public Class<? extends Op> op() {
        return Cast.class;
    }

    @Override
    public Set<DType> dtypes() {
        return Set.of(DType.F32, DType.BF16);
    }

    @Override
    public boolean supports(Node node) {
        return node.input(0).dtype() != node.type(0).dtype();
    }

    @Override
    public Prepared prepare(Node node) {
        return cast(node.type(0).shape().size(), ((Cast) node.op()).dtype());
    }

    /** Returns the cast of that many numbers to bf16 from f32 or the other way. */
    static Prepared cast(long n, DType to) {
        return to == DType.BF16 ? new Narrowing(n) : new Widening(n);
    }

    private static final class Narrowing extends OwnKernel {
        private final long n;
        private FloatPointer x;
        private ShortPointer y;

        private Narrowing(long n) {
            super("eider_cast");
            this.n = n;
        }

        @Override
        public void bind(long[] inputs, long[] outputs, long workspace) {
            x = Address.floats(inputs[0]);
            y = Address.bfloats(outputs[0]);
        }

        @Override
        public void run() {
            done(Kernels.eider_cast_f32_to_bf16(n, x, y));
        }
    }

    private static final class Widening extends OwnKernel {
        private final long n;
        private ShortPointer x;
        private FloatPointer y;

        private Widening(long n) {
            super("eider_cast");
            this.n = n;
        }

        @Override
        public void bind(long[] inputs, long[] outputs, long workspace) {
            x = Address.bfloats(inputs[0]);
            y = Address.floats(outputs[0]);
        }

        @Override
        public void run() {
            done(Kernels.eider_cast_bf16_to_f32(n, x, y));
        }
    }
}
