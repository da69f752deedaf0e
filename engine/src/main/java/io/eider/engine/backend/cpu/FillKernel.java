package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.planned.Address;
import io.eider.engine.backend.planned.OneCall;
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
        return Set.of(DType.F32, DType.BF16, DType.I32);
    }

    @Override
    public Prepared prepare(Node node) {
        Fill fill = (Fill) node.op();
        return filled(fill.type(), fill.value());
    }

    /** Returns what sets every element of the output to a constant. */
    static Prepared filled(TensorType type, double value) {
        long size = type.shape().size();
        if (type.dtype() == DType.BF16) {
            return new OneCall("eider_fill", false, (inputs, outputs) -> {
                ShortPointer y = Address.bfloats(outputs[0]);
                return () -> Kernels.eider_fill_bf16(size, (float) value, y);
            });
        }
        // An integer is the float of the same bits.
        float bits = type.dtype() == DType.I32 ? Float.intBitsToFloat((int) value) : (float) value;
        return new OneCall("eider_fill", false, (inputs, outputs) -> {
            FloatPointer y = Address.floats(outputs[0]);
            return () -> Kernels.eider_fill_f32(size, bits, y);
        });
    }
}
