package io.eider.engine.backend.cuda;

import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.planned.PoolKernels;
import io.eider.natives.CudaKernels;
import java.util.List;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** Max pooling, and what moves its tangents and cotangents, on a stream. */
record CudaPools(CUstream_st stream) {
    private interface Call<P extends Pointer> {
        int of(
                long n,
                int height,
                int width,
                int channels,
                int window,
                int stride,
                int padding,
                P from,
                BytePointer place,
                P to,
                Pointer stream);
    }

    List<Kernel> all() {
        return new PoolKernels(
                        "eider_cuda",
                        calls(
                                CudaKernels::eider_cuda_max_pool_f32,
                                CudaKernels::eider_cuda_pick_in_window_f32,
                                CudaKernels::eider_cuda_place_in_window_f32),
                        calls(
                                CudaKernels::eider_cuda_max_pool_bf16,
                                CudaKernels::eider_cuda_pick_in_window_bf16,
                                CudaKernels::eider_cuda_place_in_window_bf16))
                .all();
    }

    private <P extends Pointer> PoolKernels.Calls<P> calls(Call<P> max, Call<P> pick, Call<P> place) {
        return new PoolKernels.Calls<>(
                onStream("eider_cuda_max_pool", max),
                onStream("eider_cuda_pick_in_window", pick),
                onStream("eider_cuda_place_in_window", place));
    }

    private <P extends Pointer> PoolKernels.Call<P> onStream(String kernel, Call<P> call) {
        return (n, height, width, channels, window, stride, padding, from, place, to) -> Launch.check(
                kernel, call.of(n, height, width, channels, window, stride, padding, from, place, to, stream));
    }
}
