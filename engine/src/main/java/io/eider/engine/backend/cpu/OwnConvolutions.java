package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.planned.Address;
import io.eider.engine.backend.planned.OwnKernel;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * 3×3 convolutions with padding 1, and their adjoints, by Eider's own kernels: {@link Winograd} for f32, {@link
 * TileConvolution} or {@link PairConvolution} for bf16. Images (N, H, W, C), filters (O, 3, 3, I). The stride is 1, for
 * gradients in filters perhaps another.
 *
 * @param <P> array of images and filters; gradients of filters are f32
 */
abstract class OwnConvolutions<P extends Pointer> {
    /** N, H, W, I, O, and the stride. */
    record Extents(long n, long height, long width, long inputs, long outputs, int stride) {
        private Extents(Shape images, Shape filter, int stride) {
            this(images.dim(0), images.dim(1), images.dim(2), filter.dim(3), filter.dim(0), stride);
        }

        /** Returns the width of the results. */
        long columns() {
            return (width - 1) / stride + 1;
        }
    }

    private final String name;

    /** Creates them under the kernels' name in the C ABI. */
    OwnConvolutions(String name) {
        this.name = name;
    }

    /** Returns those for the type of a convolution's images. */
    static OwnConvolutions<?> of(Node node) {
        if (node.input(0).dtype() == DType.F32) {
            return new Winograd();
        }
        return OneDnn.hasAmx() ? new TileConvolution() : new PairConvolution();
    }

    /** Returns whether a convolution is of the kind, and large and fast enough on this machine, to be done so. */
    final boolean suits(Shape images, Shape filter, int stride, int padding) {
        return stride == 1 && isOfTheKind(filter, padding) && suits(new Extents(images, filter, stride));
    }

    /** Returns whether the gradient in a convolution's filters is to be done so. */
    final boolean suitsGradFilter(Shape images, Shape filter, int stride, int padding) {
        return isOfTheKind(filter, padding) && suitsGradFilter(new Extents(images, filter, stride));
    }

    private static boolean isOfTheKind(Shape filter, int padding) {
        return padding == 1 && filter.size() > 0 && filter.dim(1) == 3 && filter.dim(2) == 3;
    }

    /** Returns whether a convolution, of stride 1, is large and fast enough. */
    abstract boolean suits(Extents of);

    /** Returns whether a gradient in filters, of any stride, is. */
    abstract boolean suitsGradFilter(Extents of);

    abstract P array(long address);

    abstract long workspace(Extents of);

    abstract int forward(Extents of, P x, P w, P addend, P y, Pointer workspace);

    abstract int gradInput(Extents of, P gy, P w, P addend, P gx, Pointer workspace);

    abstract long gradFilterWorkspace(Extents of);

    abstract int gradFilter(Extents of, P x, P gy, FloatPointer gw, Pointer workspace);

    /** Prepares y = conv2d(x, w) (+ addend). */
    final Kernel.Prepared forward(Shape images, Shape filter) {
        return new ToImages(name, images, filter, this::forward);
    }

    /** Prepares the cotangent of x from that of y, and w (+ addend). */
    final Kernel.Prepared gradInput(Shape images, Shape filter) {
        return new ToImages(name + "_gradient_input", images, filter, this::gradInput);
    }

    /** Prepares the cotangent of w from x and the cotangent of y. */
    final Kernel.Prepared gradFilter(Shape images, Shape filter, int stride) {
        return new ToFilters(images, filter, stride);
    }

    @FunctionalInterface
    private interface Call<P> {
        int run(Extents of, P images, P filters, P addend, P result, Pointer workspace);
    }

    /** From images and filters, and an addend if there is one, to images. */
    private final class ToImages extends OwnKernel {
        private final Extents of;
        private final Call<P> call;
        private P images;
        private P filters;
        private P addend;
        private P result;
        private Pointer workspace;

        private ToImages(String name, Shape images, Shape filter, Call<P> call) {
            super(name);
            this.of = new Extents(images, filter, 1);
            this.call = call;
        }

        @Override
        public long workspaceBytes() {
            return OwnConvolutions.this.workspace(of);
        }

        @Override
        public boolean inPlace(int input, int output) {
            return input == 2;
        }

        @Override
        public void bind(long[] in, long[] out, long scratch) {
            images = array(in[0]);
            filters = array(in[1]);
            addend = in.length > 2 ? array(in[2]) : null;
            result = array(out[0]);
            workspace = Address.of(scratch);
        }

        @Override
        public void run() {
            done(call.run(of, images, filters, addend, result, workspace));
        }
    }

    /** From two arrays of images to the gradient of filters. */
    private final class ToFilters extends OwnKernel {
        private final Extents of;
        private P x;
        private P gy;
        private FloatPointer gw;
        private Pointer workspace;

        private ToFilters(Shape images, Shape filter, int stride) {
            super(name + "_gradient_filter");
            of = new Extents(images, filter, stride);
        }

        @Override
        public long workspaceBytes() {
            return gradFilterWorkspace(of);
        }

        @Override
        public void bind(long[] in, long[] out, long scratch) {
            x = array(in[0]);
            gy = array(in[1]);
            gw = Address.floats(out[0]);
            workspace = Address.of(scratch);
        }

        @Override
        public void run() {
            done(gradFilter(of, x, gy, gw, workspace));
        }
    }
}
