package io.eider.engine.backend.cuda;

import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.planned.Address;
import io.eider.engine.backend.planned.OneCall;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.primitive.Fill;
import io.eider.natives.CudaKernels;
import org.bytedeco.javacpp.FloatPointer;

/** {@link Fill}, of f32 and, by its bits, of i32. */
record CudaFill(CudaContext context) implements Kernel {
    @Override
    public Class<? extends Op> op() {
        return Fill.class;
    }

    @Override
    public Prepared prepare(Node node) {
        Fill fill = (Fill) node.op();
        return filled(fill.type(), fill.value());
    }

    /** Returns what sets every element of the output to a constant. */
    Prepared filled(TensorType type, double value) {
        long size = type.shape().size();
        float bits = type.dtype() == DType.I32 ? Float.intBitsToFloat((int) value) : (float) value;
        return new OneCall("eider_cuda_fill", false, (inputs, outputs) -> {
            FloatPointer y = Address.floats(outputs[0]);
            return () ->
                    Launch.check("eider_cuda_fill", CudaKernels.eider_cuda_fill_f32(size, bits, y, context.stream()));
        });
    }
}
