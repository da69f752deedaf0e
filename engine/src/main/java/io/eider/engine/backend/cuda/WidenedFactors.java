package io.eider.engine.backend.cuda;

import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.planned.Address;
import io.eider.engine.graph.Node;
import io.eider.engine.program.MemoryPlan;
import io.eider.natives.CudaKernels;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.ShortPointer;

/**
 * The filter gradient of images and cotangents in bf16, which is a sum and therefore f32, while cuDNN's has one type for all
 * three arrays. So the two are widened first; as TF32 keeps all of their bits, tensor cores still take them for what they are.
 */
final class WidenedFactors implements Kernel.Prepared {
    private static final int FACTORS = 2;

    private final CudaContext context;
    private final Kernel.Prepared convolution;
    private final long[] sizes = new long[FACTORS];
    private final ShortPointer[] from = new ShortPointer[FACTORS];
    private final FloatPointer[] to = new FloatPointer[FACTORS];

    /** Takes charge of the convolution of widened factors. */
    WidenedFactors(CudaContext context, Node node, Kernel.Prepared convolution) {
        this.context = context;
        this.convolution = convolution;
        for (int i = 0; i < FACTORS; i++) {
            sizes[i] = node.input(i).shape().size();
        }
    }

    @Override
    public String implementation() {
        return convolution.implementation() + ", widened";
    }

    @Override
    public long workspaceBytes() {
        return bytes(0) + bytes(1) + convolution.workspaceBytes();
    }

    @Override
    public boolean inPlace(int input, int output) {
        return input >= FACTORS && convolution.inPlace(input, output);
    }

    @Override
    public void bind(long[] inputs, long[] outputs, long workspace) {
        long[] widened = inputs.clone();
        long free = workspace;
        for (int i = 0; i < FACTORS; i++) {
            widened[i] = free;
            from[i] = Address.bfloats(inputs[i]);
            to[i] = Address.floats(free);
            free += bytes(i);
        }
        convolution.bind(widened, outputs, free);
    }

    @Override
    public void run() {
        for (int i = 0; i < FACTORS; i++) {
            Launch.check(
                    "eider_cuda_cast_bf16_to_f32",
                    CudaKernels.eider_cuda_cast_bf16_to_f32(sizes[i], from[i], to[i], context.stream()));
        }
        convolution.run();
    }

    @Override
    public void close() {
        convolution.close();
    }

    private long bytes(int factor) {
        return MemoryPlan.aligned(sizes[factor] * Float.BYTES);
    }
}
