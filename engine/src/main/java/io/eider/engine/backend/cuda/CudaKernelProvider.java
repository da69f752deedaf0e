package io.eider.engine.backend.cuda;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.KernelProvider;
import io.eider.engine.backend.planned.BatchNormKernels;
import io.eider.engine.backend.planned.LabelKernels;
import io.eider.engine.backend.planned.LossKernels;
import io.eider.engine.backend.planned.MovementKernels;
import io.eider.engine.backend.planned.ReductionKernels;
import io.eider.natives.CudaKernels;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.FloatPointer;

/** The kernels of the CUDA backend that come with the engine. */
public final class CudaKernelProvider implements KernelProvider {
    /** Used by {@link java.util.ServiceLoader}. */
    public CudaKernelProvider() {}

    @Override
    public String backend() {
        return "cuda";
    }

    @Override
    public List<Kernel> kernels(Device device) {
        CudaContext context = ((CudaDevice) device).context();
        CUstream_st stream = context.stream();
        return Stream.<List<Kernel>>of(
                        CudaConvolutions.all(context),
                        List.of(new CudaMatmul(context), new CudaFill(context), new CudaSgd(context)),
                        new CudaElementwise(stream).all(),
                        movements(context),
                        reductions(stream),
                        batchNorms(stream),
                        labels(stream),
                        LossKernels.all("eider_cuda", new CudaLosses(stream)))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Kernel> movements(CudaContext context) {
        CUstream_st stream = context.stream();
        return new MovementKernels(
                        "eider_cuda",
                        new CudaFill(context)::filled,
                        (rank, dims, fromStrides, toStrides, from, to) -> Launch.check(
                                "eider_cuda_strided_copy",
                                CudaKernels.eider_cuda_strided_copy_f32(
                                        rank, dims, fromStrides, toStrides, from, to, stream)))
                .all();
    }

    private static List<Kernel> reductions(CUstream_st stream) {
        ReductionKernels reductions = new ReductionKernels("eider_cuda", CudaKernels::eider_cuda_reduce_workspace_f32);
        return List.of(
                reductions.sum(
                        (keptRank, keptDims, keptStrides, reducedRank, reducedDims, reducedStrides, x, y, workspace) ->
                                Launch.check(
                                        "eider_cuda_sum",
                                        CudaKernels.eider_cuda_sum_f32(
                                                keptRank,
                                                keptDims,
                                                keptStrides,
                                                reducedRank,
                                                reducedDims,
                                                reducedStrides,
                                                x,
                                                y,
                                                workspace,
                                                stream))),
                reductions.max(
                        (keptRank, keptDims, keptStrides, reducedRank, reducedDims, reducedStrides, x, y, workspace) ->
                                Launch.check(
                                        "eider_cuda_max",
                                        CudaKernels.eider_cuda_max_f32(
                                                keptRank,
                                                keptDims,
                                                keptStrides,
                                                reducedRank,
                                                reducedDims,
                                                reducedStrides,
                                                x,
                                                y,
                                                workspace,
                                                stream))));
    }

    private static List<Kernel> batchNorms(CUstream_st stream) {
        return new BatchNormKernels(
                        "eider_cuda",
                        CudaKernels::eider_cuda_batch_norm_workspace,
                        new BatchNormKernels.Calls<FloatPointer>(
                                (rows,
                                        channels,
                                        epsilon,
                                        relu,
                                        x,
                                        gamma,
                                        beta,
                                        residual,
                                        y,
                                        mean,
                                        variance,
                                        workspace) -> Launch.check(
                                        "eider_cuda_batch_norm",
                                        CudaKernels.eider_cuda_batch_norm_f32(
                                                rows, channels, epsilon, relu, x, gamma, beta, residual, y, mean,
                                                variance, workspace, stream)),
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
                                        CudaKernels.eider_cuda_batch_norm_gradient_f32(
                                                rows, channels, epsilon, relu, x, y, gamma, mean, variance, gy, gx,
                                                ggamma, gbeta, gresidual, workspace, stream)),
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
                                        CudaKernels.eider_cuda_batch_norm_tangent_f32(
                                                rows, channels, epsilon, relu, x, y, gamma, mean, variance, tx, tgamma,
                                                tbeta, tresidual, ty, tmean, tvariance, workspace, stream)),
                                (rows, channels, relu, x, scale, shift, residual, y) -> Launch.check(
                                        "eider_cuda_channel_affine",
                                        CudaKernels.eider_cuda_channel_affine_f32(
                                                rows, channels, relu, x, scale, shift, residual, y, stream))))
                .all();
    }

    private static List<Kernel> labels(CUstream_st stream) {
        return LabelKernels.all(
                "eider_cuda",
                (n, classes, first, labels, y, statusWord) -> Launch.check(
                        "eider_cuda_pick",
                        CudaKernels.eider_cuda_pick_f32(n, classes, first, labels, y, statusWord, stream)),
                (n, classes, first, labels, y, statusWord) -> Launch.check(
                        "eider_cuda_place",
                        CudaKernels.eider_cuda_place_f32(n, classes, first, labels, y, statusWord, stream)));
    }
}
