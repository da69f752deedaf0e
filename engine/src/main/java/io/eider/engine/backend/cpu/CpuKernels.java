package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.KernelProvider;
import io.eider.engine.backend.planned.AugmentKernel;
import io.eider.engine.backend.planned.BatchNormKernels;
import io.eider.engine.backend.planned.CastKernel;
import io.eider.engine.backend.planned.FillKernel;
import io.eider.engine.backend.planned.LabelKernels;
import io.eider.engine.backend.planned.LossKernels;
import io.eider.engine.backend.planned.MovementKernels;
import io.eider.engine.backend.planned.PoolKernels;
import io.eider.engine.backend.planned.ReductionKernels;
import io.eider.engine.backend.planned.SgdKernel;
import io.eider.natives.Kernels;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.ShortPointer;

/** The kernels of the CPU backend that come with the engine. */
public final class CpuKernels implements KernelProvider {
    static final FillKernel FILL = new FillKernel("eider_fill", Kernels::eider_fill_f32, Kernels::eider_fill_bf16);
    static final CastKernel CAST =
            new CastKernel("eider_cast", Kernels::eider_cast_f32_to_bf16, Kernels::eider_cast_bf16_to_f32);

    /** Used by {@link java.util.ServiceLoader}. */
    public CpuKernels() {}

    @Override
    public String backend() {
        return "cpu";
    }

    @Override
    public List<Kernel> kernels(Device device) {
        return Stream.<List<Kernel>>of(
                        ConvolutionKernels.all(),
                        List.of(new MatmulKernel(), FILL, CAST),
                        List.of(new SgdKernel("eider_sgd", Kernels::eider_sgd_f32)),
                        List.of(new AugmentKernel("eider_augment", CpuKernels::augment, CpuKernels::table)),
                        ElementwiseKernels.all(),
                        movements(),
                        reductions(),
                        batchNorms(),
                        pools(),
                        LabelKernels.all("eider", CpuKernels::pick, CpuKernels::place),
                        LossKernels.all("eider", new CpuLosses()))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Kernel> movements() {
        return new MovementKernels(
                        "eider", FILL::filled, Kernels::eider_strided_copy_f32, Kernels::eider_strided_copy_bf16)
                .all();
    }

    private static List<Kernel> reductions() {
        ReductionKernels reductions = new ReductionKernels("eider", Kernels::eider_reduce_workspace_f32);
        return List.of(
                reductions.sum(Kernels::eider_sum_f32, Kernels::eider_sum_bf16),
                reductions.max(Kernels::eider_max_f32));
    }

    private static List<Kernel> batchNorms() {
        return new BatchNormKernels(
                        "eider",
                        Kernels::eider_batch_norm_workspace,
                        new BatchNormKernels.Calls<FloatPointer>(
                                Kernels::eider_batch_norm_f32,
                                Kernels::eider_batch_norm_gradient_f32,
                                Kernels::eider_batch_norm_tangent_f32,
                                Kernels::eider_channel_affine_f32),
                        new BatchNormKernels.Calls<ShortPointer>(
                                Kernels::eider_batch_norm_bf16,
                                Kernels::eider_batch_norm_gradient_bf16,
                                Kernels::eider_batch_norm_tangent_bf16,
                                Kernels::eider_channel_affine_bf16))
                .all();
    }

    private static List<Kernel> pools() {
        return new PoolKernels(
                        "eider",
                        new PoolKernels.Calls<FloatPointer>(
                                Kernels::eider_max_pool_f32,
                                Kernels::eider_pick_in_window_f32,
                                Kernels::eider_place_in_window_f32),
                        new PoolKernels.Calls<ShortPointer>(
                                Kernels::eider_max_pool_bf16,
                                Kernels::eider_pick_in_window_bf16,
                                Kernels::eider_place_in_window_bf16))
                .all();
    }

    private static long pick(
            long n, long classes, FloatPointer x, IntPointer labels, FloatPointer y, LongPointer statusWord) {
        return Kernels.eider_pick_f32(n, classes, x, labels, y);
    }

    private static long place(
            long n, long classes, FloatPointer y, IntPointer labels, FloatPointer x, LongPointer statusWord) {
        return Kernels.eider_place_f32(n, classes, y, labels, x);
    }

    private static long augment(
            long n,
            int height,
            int width,
            int channels,
            int pad,
            BytePointer pixels,
            IntPointer draws,
            FloatPointer table,
            FloatPointer out,
            LongPointer statusWord) {
        return Kernels.eider_augment_u8(n, height, width, channels, pad, pixels, draws, table, out);
    }

    private static AugmentKernel.Table table(float[] values) {
        FloatPointer table = new FloatPointer(values);
        return new AugmentKernel.Table() {
            @Override
            public FloatPointer filled() {
                return table;
            }

            @Override
            public void close() {
                table.close();
            }
        };
    }
}
