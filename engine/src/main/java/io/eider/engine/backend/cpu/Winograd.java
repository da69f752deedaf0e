package io.eider.engine.backend.cpu;

import io.eider.engine.backend.planned.Address;
import io.eider.engine.backend.planned.OwnKernel;
import io.eider.engine.graph.Shape;
import io.eider.natives.Kernels;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * 3×3 convolutions with stride 1 and padding 1, and their adjoints, by Eider's own kernels, which need 4/9 of the
 * multiplications of a direct one. Images (N, H, W, C), filters (O, 3, 3, I).
 */
final class Winograd {
    private static final int LANES = 16;

    /** Transformed filters of so many pairs of channels, 1 MiB, leave half of a core's second-level cache to images. */
    private static final long MOST_PAIRS = 128 * 128;

    private Winograd() {}

    /** Returns whether a convolution is of the kind, and large and fast enough on this machine, to be done so. */
    static boolean suits(Shape filter, int stride, int padding) {
        return stride == 1
                && padding == 1
                && filter.dim(1) == 3
                && filter.dim(2) == 3
                && filter.dim(0) % LANES == 0
                && filter.dim(3) % LANES == 0
                && (long) filter.dim(0) * filter.dim(3) <= MOST_PAIRS
                && allowed();
    }

    /**
     * Returns whether the gradient in a convolution's filters is to be done so: with 16 channels on both sides oneDNN's
     * direct one is faster (1.8 against 2.1 ms at 100×32×32).
     */
    static boolean suitsGradFilter(Shape filter, int stride, int padding) {
        return suits(filter, stride, padding) && (long) filter.dim(0) * filter.dim(3) > LANES * LANES;
    }

    /** AVX-512 must be there, and not be kept from oneDNN: one switch, ONEDNN_MAX_CPU_ISA, is for both. */
    private static boolean allowed() {
        int allowed = dnnl.dnnl_get_effective_cpu_isa();
        return Kernels.eider_winograd_supported() != 0
                && (allowed & dnnl.dnnl_cpu_isa_avx512_core) == dnnl.dnnl_cpu_isa_avx512_core;
    }

    /** Extents that the three have in common. */
    private abstract static class Convolution extends OwnKernel {
        final long n;
        final long height;
        final long width;
        final long inputs;
        final long outputs;
        Pointer workspace;

        private Convolution(String name, Shape images, Shape filter) {
            super(name);
            n = images.dim(0);
            height = images.dim(1);
            width = images.dim(2);
            outputs = filter.dim(0);
            inputs = filter.dim(3);
        }
    }

    /** From images x and filters w, and an addend if there is one, to images y. */
    private abstract static class Images extends Convolution {
        FloatPointer x;
        FloatPointer w;
        FloatPointer addend;
        FloatPointer y;

        private Images(String name, Shape images, Shape filter) {
            super(name, images, filter);
        }

        @Override
        public final long workspaceBytes() {
            return Kernels.eider_winograd_workspace(Kernels.eider_threads(), inputs, outputs);
        }

        @Override
        public final boolean inPlace(int input, int output) {
            return input == 2;
        }

        @Override
        public final void bind(long[] in, long[] out, long scratch) {
            x = Address.floats(in[0]);
            w = Address.floats(in[1]);
            addend = in.length > 2 ? Address.floats(in[2]) : null;
            y = Address.floats(out[0]);
            workspace = Address.of(scratch);
        }
    }

    /** y = conv2d(x, w) (+ addend). */
    static final class Forward extends Images {
        Forward(Shape images, Shape filter) {
            super("eider_winograd", images, filter);
        }

        @Override
        public void run() {
            done(Kernels.eider_winograd_f32(n, height, width, inputs, outputs, x, w, addend, y, workspace));
        }
    }

    /** The cotangent of x from that of y, and w (+ addend). */
    static final class GradInput extends Images {
        GradInput(Shape images, Shape filter) {
            super("eider_winograd_gradient_input", images, filter);
        }

        @Override
        public void run() {
            done(Kernels.eider_winograd_gradient_input_f32(
                    n, height, width, inputs, outputs, x, w, addend, y, workspace));
        }
    }

    /** The cotangent of w from x and the cotangent of y. */
    static final class GradFilter extends Convolution {
        private FloatPointer x;
        private FloatPointer gy;
        private FloatPointer gw;

        GradFilter(Shape images, Shape filter) {
            super("eider_winograd_gradient_filter", images, filter);
        }

        @Override
        public long workspaceBytes() {
            return Kernels.eider_winograd_gradient_filter_workspace(
                    Kernels.eider_threads(), n, height, width, inputs, outputs);
        }

        @Override
        public void bind(long[] in, long[] out, long scratch) {
            x = Address.floats(in[0]);
            gy = Address.floats(in[1]);
            gw = Address.floats(out[0]);
            workspace = Address.of(scratch);
        }

        @Override
        public void run() {
            done(Kernels.eider_winograd_gradient_filter_f32(n, height, width, inputs, outputs, x, gy, gw, workspace));
        }
    }
}
