package io.eider.engine.backend.cuda;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.KernelProvider;
import io.eider.engine.backend.planned.LabelKernels;
import io.eider.engine.backend.planned.LossKernels;
import io.eider.engine.backend.planned.MovementKernels;
import io.eider.engine.backend.planned.ReductionKernels;
import io.eider.natives.CudaKernels;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

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
                        List.of(
                                new CudaMatmul(context),
                                new CudaFill(context).kernel(),
                                new CudaSgd(context),
                                new CudaScaledSums(context),
                                CudaAugment.kernel(context)),
                        new CudaElementwise(stream).all(),
                        movements(context),
                        reductions(stream),
                        new CudaBatchNorms(stream).all(),
                        new CudaPools(stream).all(),
                        labels(stream),
                        LossKernels.all("eider_cuda", new CudaLosses(stream)))
                .flatMap(List::stream)
                .toList();
    }

    private interface Copy<P extends Pointer> {
        int of(
                int rank,
                LongPointer dims,
                LongPointer fromStrides,
                LongPointer toStrides,
                P from,
                P to,
                Pointer stream);
    }

    private interface Reduction<P extends Pointer> {
        int of(
                int keptRank,
                LongPointer keptDims,
                LongPointer keptStrides,
                int reducedRank,
                LongPointer reducedDims,
                LongPointer reducedStrides,
                P x,
                FloatPointer y,
                Pointer workspace,
                Pointer stream);
    }

    private static List<Kernel> movements(CudaContext context) {
        return new MovementKernels(
                        "eider_cuda",
                        new CudaFill(context)::filled,
                        copy(context.stream(), CudaKernels::eider_cuda_strided_copy_f32),
                        copy(context.stream(), CudaKernels::eider_cuda_strided_copy_bf16))
                .all();
    }

    private static <P extends Pointer> MovementKernels.Copy<P> copy(CUstream_st stream, Copy<P> call) {
        return (rank, dims, fromStrides, toStrides, from, to) ->
                Launch.check("eider_cuda_strided_copy", call.of(rank, dims, fromStrides, toStrides, from, to, stream));
    }

    private static List<Kernel> reductions(CUstream_st stream) {
        ReductionKernels reductions = new ReductionKernels("eider_cuda", CudaKernels::eider_cuda_reduce_workspace_f32);
        return List.of(
                reductions.sum(
                        reduction("eider_cuda_sum", stream, CudaKernels::eider_cuda_sum_f32),
                        reduction("eider_cuda_sum", stream, CudaKernels::eider_cuda_sum_bf16)),
                reductions.max(reduction("eider_cuda_max", stream, CudaKernels::eider_cuda_max_f32)));
    }

    private static <P extends Pointer> ReductionKernels.Call<P> reduction(
            String name, CUstream_st stream, Reduction<P> call) {
        return (keptRank, keptDims, keptStrides, reducedRank, reducedDims, reducedStrides, x, y, workspace) ->
                Launch.check(
                        name,
                        call.of(
                                keptRank,
                                keptDims,
                                keptStrides,
                                reducedRank,
                                reducedDims,
                                reducedStrides,
                                x,
                                y,
                                workspace,
                                stream));
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
