package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.planned.Address;
import io.eider.engine.backend.planned.OneCall;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.op.primitive.Cast;
import io.eider.natives.Kernels;
import java.util.Set;
import java.util.function.IntSupplier;
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
        return new OneCall(
                "eider_cast",
                false,
                (inputs, outputs) ->
                        to == DType.BF16 ? narrowing(n, inputs[0], outputs[0]) : widening(n, inputs[0], outputs[0]));
    }

    private static IntSupplier narrowing(long n, long from, long to) {
        FloatPointer x = Address.floats(from);
        ShortPointer y = Address.bfloats(to);
        return () -> Kernels.eider_cast_f32_to_bf16(n, x, y);
    }

    private static IntSupplier widening(long n, long from, long to) {
        ShortPointer x = Address.bfloats(from);
        FloatPointer y = Address.floats(to);
        return () -> Kernels.eider_cast_bf16_to_f32(n, x, y);
    }
}
