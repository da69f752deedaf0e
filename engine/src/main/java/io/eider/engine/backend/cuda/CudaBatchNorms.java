package io.eider.engine.backend.cuda;

import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.planned.BatchNormKernels;
import io.eider.natives.CudaKernels;
import java.util.List;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/** Batch normalisation, for images of f32 and of bf16. */
record CudaBatchNorms(CUstream_st stream) {
    private interface Forward<P extends Pointer> {
        int of(
                long rows,
                long channels,
                float epsilon,
                int relu,
                P x,
                FloatPointer gamma,
                FloatPointer beta,
                P residual,
                P y,
                FloatPointer mean,
                FloatPointer variance,
                Pointer workspace,
                Pointer stream);
    }

    private interface Gradient<P extends Pointer> {
        int of(
                long rows,
                long channels,
                float epsilon,
                int relu,
                P x,
                P y,
                FloatPointer gamma,
                FloatPointer mean,
                FloatPointer variance,
                P gy,
                P gx,
                FloatPointer ggamma,
                FloatPointer gbeta,
                P gresidual,
                Pointer workspace,
                Pointer stream);
    }

    private interface Tangent<P extends Pointer> {
        int of(
                long rows,
                long channels,
                float epsilon,
                int relu,
                P x,
                P y,
                FloatPointer gamma,
                FloatPointer mean,
                FloatPointer variance,
                P tx,
                FloatPointer tgamma,
                FloatPointer tbeta,
                P tresidual,
                P ty,
                FloatPointer tmean,
                FloatPointer tvariance,
                Pointer workspace,
                Pointer stream);
    }

    private interface Affine<P extends Pointer> {
        int of(
                long rows,
                long channels,
                int relu,
                P x,
                FloatPointer scale,
                FloatPointer shift,
                P residual,
                P y,
                Pointer stream);
    }

    List<Kernel> all() {
        return new BatchNormKernels(
                        "eider_cuda",
                        CudaKernels::eider_cuda_batch_norm_workspace,
                        this.<FloatPointer>calls(
                                CudaKernels::eider_cuda_batch_norm_f32,
                                CudaKernels::eider_cuda_batch_norm_gradient_f32,
                                CudaKernels::eider_cuda_batch_norm_tangent_f32,
                                CudaKernels::eider_cuda_channel_affine_f32),
                        this.<ShortPointer>calls(
                                CudaKernels::eider_cuda_batch_norm_bf16,
                                CudaKernels::eider_cuda_batch_norm_gradient_bf16,
                                CudaKernels::eider_cuda_batch_norm_tangent_bf16,
                                CudaKernels::eider_cuda_channel_affine_bf16))
                .all();
    }

    private <P extends Pointer> BatchNormKernels.Calls<P> calls(
            Forward<P> forward, Gradient<P> gradient, Tangent<P> tangent, Affine<P> affine) {
        return new BatchNormKernels.Calls<>(
                (rows, channels, epsilon, relu, x, gamma, beta, residual, y, mean, variance, workspace) -> Launch.check(
                        "eider_cuda_batch_norm",
                        forward.of(
                                rows, channels, epsilon, relu, x, gamma, beta, residual, y, mean, variance, workspace,
                                stream)),
                (rows,
                        channels,
                        epsilon,
                        relu,
                        x,
                        y,
                        gamma,
                        mean,
                        variance,
                        gy,
                        gx,
                        ggamma,
                        gbeta,
                        gresidual,
                        workspace) -> Launch.check(
                        "eider_cuda_batch_norm_gradient",
                        gradient.of(
                                rows, channels, epsilon, relu, x, y, gamma, mean, variance, gy, gx, ggamma, gbeta,
                                gresidual, workspace, stream)),
                (rows,
                        channels,
                        epsilon,
                        relu,
                        x,
                        y,
                        gamma,
                        mean,
                        variance,
                        tx,
                        tgamma,
                        tbeta,
                        tresidual,
                        ty,
                        tmean,
                        tvariance,
                        workspace) -> Launch.check(
                        "eider_cuda_batch_norm_tangent",
                        tangent.of(
                                rows, channels, epsilon, relu, x, y, gamma, mean, variance, tx, tgamma, tbeta,
                                tresidual, ty, tmean, tvariance, workspace, stream)),
                (rows, channels, relu, x, scale, shift, residual, y) -> Launch.check(
                        "eider_cuda_channel_affine",
                        affine.of(rows, channels, relu, x, scale, shift, residual, y, stream)));
    }
}
