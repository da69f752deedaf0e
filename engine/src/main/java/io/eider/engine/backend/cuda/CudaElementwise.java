package io.eider.engine.backend.cuda;

import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.planned.CastKernel;
import io.eider.engine.backend.planned.Elementwise;
import io.eider.engine.graph.Op;
import io.eider.engine.op.primitive.Add;
import io.eider.engine.op.primitive.Divide;
import io.eider.engine.op.primitive.Equal;
import io.eider.engine.op.primitive.Exp;
import io.eider.engine.op.primitive.Log;
import io.eider.engine.op.primitive.Multiply;
import io.eider.engine.op.primitive.Negate;
import io.eider.engine.op.primitive.Positive;
import io.eider.engine.op.primitive.Relu;
import io.eider.engine.op.primitive.Sqrt;
import io.eider.engine.op.primitive.Subtract;
import io.eider.natives.CudaKernels;
import java.util.List;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** The ops that compute each element from the elements at its place. */
record CudaElementwise(CUstream_st stream) {
    private interface UnaryCall {
        int of(long n, FloatPointer x, FloatPointer y, Pointer stream);
    }

    private interface BinaryCall<P extends Pointer> {
        int of(long n, P a, P b, P y, Pointer stream);
    }

    List<Kernel> all() {
        return List.of(
                unary(Negate.class, "negate", CudaKernels::eider_cuda_negate_f32),
                unary(Exp.class, "exp", CudaKernels::eider_cuda_exp_f32),
                unary(Log.class, "log", CudaKernels::eider_cuda_log_f32),
                unary(Sqrt.class, "sqrt", CudaKernels::eider_cuda_sqrt_f32),
                unary(Relu.class, "relu", CudaKernels::eider_cuda_relu_f32),
                unary(Positive.class, "positive", CudaKernels::eider_cuda_positive_f32),
                add(),
                binary(Subtract.class, "subtract", CudaKernels::eider_cuda_subtract_f32),
                binary(Multiply.class, "multiply", CudaKernels::eider_cuda_multiply_f32),
                binary(Divide.class, "divide", CudaKernels::eider_cuda_divide_f32),
                binary(Equal.class, "equal", CudaKernels::eider_cuda_equal_f32),
                cast());
    }

    private Kernel add() {
        String kernel = "eider_cuda_add";
        return Elementwise.binary(
                Add.class,
                kernel,
                onStream(kernel, CudaKernels::eider_cuda_add_f32),
                onStream(kernel, CudaKernels::eider_cuda_add_bf16));
    }

    private Kernel cast() {
        String kernel = "eider_cuda_cast";
        return new CastKernel(
                kernel,
                (n, x, y) -> Launch.check(kernel, CudaKernels.eider_cuda_cast_f32_to_bf16(n, x, y, stream)),
                (n, x, y) -> Launch.check(kernel, CudaKernels.eider_cuda_cast_bf16_to_f32(n, x, y, stream)));
    }

    private Kernel unary(Class<? extends Op> op, String name, UnaryCall call) {
        String kernel = "eider_cuda_" + name;
        return Elementwise.unary(op, kernel, (n, x, y) -> Launch.check(kernel, call.of(n, x, y, stream)));
    }

    private Kernel binary(Class<? extends Op> op, String name, BinaryCall<FloatPointer> call) {
        String kernel = "eider_cuda_" + name;
        return Elementwise.binary(op, kernel, onStream(kernel, call));
    }

    private <P extends Pointer> Elementwise.BinaryCall<P> onStream(String kernel, BinaryCall<P> call) {
        return (n, a, b, y) -> Launch.check(kernel, call.of(n, a, b, y, stream));
    }
}
