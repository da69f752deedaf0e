package io.eider.engine.backend.cuda;

import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.planned.FillKernel;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.primitive.Fill;
import io.eider.natives.CudaKernels;

/** {@link Fill} on a context's stream. */
record CudaFill(CudaContext context) {
    private static final String NAME = "eider_cuda_fill";

    FillKernel kernel() {
        return new FillKernel(
                NAME,
                (n, value, y) -> Launch.check(NAME, CudaKernels.eider_cuda_fill_f32(n, value, y, context.stream())),
                (n, value, y) -> Launch.check(NAME, CudaKernels.eider_cuda_fill_bf16(n, value, y, context.stream())));
    }

    /** Returns what sets every element of the output to a constant. */
    Kernel.Prepared filled(TensorType type, double value) {
        return kernel().filled(type, value);
    }
}
