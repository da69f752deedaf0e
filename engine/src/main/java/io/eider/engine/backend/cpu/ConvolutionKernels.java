package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.cpu.PreparedConvolution.Role;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.fused.ConvolutionPlus;
import io.eider.engine.op.primitive.Conv2d;
import io.eider.engine.op.primitive.Conv2dGradFilter;
import io.eider.engine.op.primitive.Conv2dGradInput;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;

/** Convolution and its two adjoints on NHWC images: by {@link OwnConvolutions} where those are faster, else by oneDNN. */
final class ConvolutionKernels {
    private ConvolutionKernels() {}

    static List<Kernel> all() {
        return List.of(
                new AnyPrecision(new Forward()),
                new AnyPrecision(new GradInput()),
                new AnyPrecision(new GradFilter()),
                new Plus());
    }

    /** A convolution of f32, or of bf16 if the processor is fast at that, or else of f32 copies of bf16. */
    record AnyPrecision(Kernel kernel) implements Kernel {
        @Override
        public Class<? extends Op> op() {
            return kernel.op();
        }

        @Override
        public Set<DType> dtypes() {
            return Set.of(DType.F32, DType.BF16);
        }

        @Override
        public Prepared prepare(Node node) {
            boolean empty = Stream.concat(node.inputs().stream(), Stream.of(node.output(0)))
                    .anyMatch(tensor -> tensor.shape().size() == 0);
            return node.input(0).dtype() == DType.BF16 && !empty && !OneDnn.hasFastBFloat16()
                    ? new Widened(node, kernel)
                    : kernel.prepare(node);
        }
    }

    private record Forward() implements Kernel {
        @Override
        public Class<? extends Op> op() {
            return Conv2d.class;
        }

        @Override
        public Prepared prepare(Node node) {
            Conv2d op = (Conv2d) node.op();
            Tensor y = node.output(0);
            OwnConvolutions<?> own = OwnConvolutions.of(node);
            if (own.suits(node.input(0).shape(), node.input(1).shape(), op.stride(), op.padding())) {
                return own.forward(node.input(0).shape(), node.input(1).shape());
            }
            try (Geometry geometry = new Geometry(node.input(0), node.input(1), y, op.stride(), op.padding())) {
                return geometry.isEmpty()
                        ? CpuKernels.FILL.filled(y.type(), 0)
                        : geometry.prepare(
                                () -> geometry.forward(node),
                                new Role(dnnl.DNNL_ARG_WEIGHTS, false, 1),
                                new Role(dnnl.DNNL_ARG_SRC, false, 0),
                                new Role(dnnl.DNNL_ARG_DST, true, 0));
            }
        }
    }

    private record GradInput() implements Kernel {
        @Override
        public Class<? extends Op> op() {
            return Conv2dGradInput.class;
        }

        @Override
        public Prepared prepare(Node node) {
            Conv2dGradInput op = (Conv2dGradInput) node.op();
            Tensor x = node.output(0);
            OwnConvolutions<?> own = OwnConvolutions.of(node);
            if (own.suits(x.shape(), node.input(1).shape(), op.stride(), op.padding())) {
                return own.gradInput(x.shape(), node.input(1).shape());
            }
            try (Geometry geometry = new Geometry(x, node.input(1), node.input(0), op.stride(), op.padding())) {
                return geometry.isEmpty()
                        ? CpuKernels.FILL.filled(x.type(), 0)
                        : geometry.prepare(
                                () -> geometry.gradInput(node),
                                new Role(dnnl.DNNL_ARG_WEIGHTS, false, 1),
                                new Role(dnnl.DNNL_ARG_DIFF_DST, false, 0),
                                new Role(dnnl.DNNL_ARG_DIFF_SRC, true, 0));
            }
        }
    }

    /** Where {@link OwnConvolutions} do the convolution, they add as well. */
    private record Plus() implements Kernel {
        @Override
        public Class<? extends Op> op() {
            return ConvolutionPlus.class;
        }

        @Override
        public Set<DType> dtypes() {
            return Set.of(DType.F32, DType.BF16);
        }

        @Override
        public boolean supports(Node node) {
            OwnConvolutions<?> own = OwnConvolutions.of(node);
            Shape images = node.type(0).shape();
            Shape filter = node.input(1).shape();
            Op convolution = ((ConvolutionPlus) node.op()).convolution();
            return convolution instanceof Conv2d forward
                            && own.suits(images, filter, forward.stride(), forward.padding())
                    || convolution instanceof Conv2dGradInput back
                            && own.suits(images, filter, back.stride(), back.padding());
        }

        @Override
        public Prepared prepare(Node node) {
            OwnConvolutions<?> own = OwnConvolutions.of(node);
            Shape images = node.type(0).shape();
            Shape filter = node.input(1).shape();
            return ((ConvolutionPlus) node.op()).convolution() instanceof Conv2d
                    ? own.forward(images, filter)
                    : own.gradInput(images, filter);
        }
    }

    private record GradFilter() implements Kernel {
        @Override
        public Class<? extends Op> op() {
            return Conv2dGradFilter.class;
        }

        @Override
        public Prepared prepare(Node node) {
            Conv2dGradFilter op = (Conv2dGradFilter) node.op();
            Tensor w = node.output(0);
            OwnConvolutions<?> own = OwnConvolutions.of(node);
            if (own.suitsGradFilter(node.input(0).shape(), w.shape(), op.stride(), op.padding())) {
                return own.gradFilter(node.input(0).shape(), w.shape(), op.stride());
            }
            try (Geometry geometry = new Geometry(node.input(0), w, node.input(1), op.stride(), op.padding())) {
                return geometry.isEmpty()
                        ? CpuKernels.FILL.filled(w.type(), 0)
                        : geometry.prepare(
                                () -> geometry.gradFilter(node),
                                new Role(dnnl.DNNL_ARG_DIFF_WEIGHTS, true, 0),
                                new Role(dnnl.DNNL_ARG_SRC, false, 0),
                                new Role(dnnl.DNNL_ARG_DIFF_DST, false, 1));
            }
        }
    }

    /** Images x, filters w, results y of one convolution, and the oneDNN descriptions made from them. */
    private static final class Geometry implements AutoCloseable {
        private final boolean empty;
        private final boolean strided;
        private final dnnl_memory_desc x;
        private final dnnl_memory_desc w;
        private final dnnl_memory_desc y;
        private final dnnl_memory_desc anyW;
        private final dnnl_memory_desc anyOperand;
        private final long[] strides;
        private final long[] dilation = {0, 0};
        private final long[] paddings;
        private dnnl_primitive_desc hint;

        private Geometry(Tensor x, Tensor w, Tensor y, int stride, int padding) {
            empty = x.shape().size() == 0 || w.shape().size() == 0 || y.shape().size() == 0;
            strided = stride > 1;
            this.x = OneDnn.tagged(x.dtype(), channelsSecond(x.shape()), dnnl.dnnl_nhwc);
            this.w = OneDnn.tagged(w.dtype(), channelsSecond(w.shape()), dnnl.dnnl_ohwi);
            this.y = OneDnn.tagged(y.dtype(), channelsSecond(y.shape()), dnnl.dnnl_nhwc);
            anyW = OneDnn.tagged(w.dtype(), channelsSecond(w.shape()), dnnl.dnnl_format_tag_any);
            // Of the images' type even where w is a gradient that is kept in f32.
            anyOperand = OneDnn.tagged(x.dtype(), channelsSecond(w.shape()), dnnl.dnnl_format_tag_any);
            strides = new long[] {stride, stride};
            paddings = new long[] {padding, padding};
        }

        private boolean isEmpty() {
            return empty;
        }

        private dnnl_primitive_desc forward(Node node) {
            OneDnn oneDnn = OneDnn.get();
            dnnl_primitive_desc description = new dnnl_primitive_desc();
            OneDnn.checkImplemented(
                    node,
                    dnnl.dnnl_convolution_forward_primitive_desc_create(
                            description,
                            oneDnn.engine(),
                            dnnl.dnnl_forward_training,
                            dnnl.dnnl_convolution_direct,
                            x,
                            anyOperand,
                            null,
                            y,
                            strides,
                            dilation,
                            paddings,
                            paddings,
                            oneDnn.attributes()));
            return description;
        }

        /** What an adjoint is the adjoint of; oneDNN reads it again when it moves on to another implementation. */
        private dnnl_primitive_desc hint(Node node) {
            if (hint == null) {
                hint = forward(node);
            }
            return hint;
        }

        private dnnl_primitive_desc gradInput(Node node) {
            OneDnn oneDnn = OneDnn.get();
            dnnl_primitive_desc description = new dnnl_primitive_desc();
            OneDnn.checkImplemented(
                    node,
                    dnnl.dnnl_convolution_backward_data_primitive_desc_create(
                            description,
                            oneDnn.engine(),
                            dnnl.dnnl_convolution_direct,
                            x,
                            anyOperand,
                            y,
                            strides,
                            dilation,
                            paddings,
                            paddings,
                            hint(node),
                            oneDnn.attributes()));
            return description;
        }

        private dnnl_primitive_desc gradFilter(Node node) {
            OneDnn oneDnn = OneDnn.get();
            dnnl_primitive_desc description = new dnnl_primitive_desc();
            OneDnn.checkImplemented(
                    node,
                    dnnl.dnnl_convolution_backward_weights_primitive_desc_create(
                            description,
                            oneDnn.engine(),
                            dnnl.dnnl_convolution_direct,
                            x,
                            anyW,
                            null,
                            y,
                            strides,
                            dilation,
                            paddings,
                            paddings,
                            hint(node),
                            oneDnn.attributes()));
            return description;
        }

        /**
         * oneDNN lists its matrix-product convolutions first, but with a stride its direct ones are up to twice as
         * fast. A rule and not a measurement, so that every run chooses alike.
         */
        private Kernel.Prepared prepare(Supplier<dnnl_primitive_desc> descriptions, Role filter, Role... images) {
            dnnl_primitive_desc chosen = descriptions.get();
            if (strided && OneDnnPrimitive.implementation(chosen).startsWith("brg") && !advanceToDirect(chosen)) {
                dnnl.dnnl_primitive_desc_destroy(chosen);
                chosen = descriptions.get();
            }
            return new PreparedConvolution(chosen, w, filter, images);
        }

        private static boolean advanceToDirect(dnnl_primitive_desc description) {
            while (dnnl.dnnl_primitive_desc_next_impl(description) == dnnl.dnnl_success) {
                if (OneDnnPrimitive.implementation(description).startsWith("jit:")) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public void close() {
            dnnl.dnnl_memory_desc_destroy(x);
            dnnl.dnnl_memory_desc_destroy(w);
            dnnl.dnnl_memory_desc_destroy(y);
            dnnl.dnnl_memory_desc_destroy(anyW);
            dnnl.dnnl_memory_desc_destroy(anyOperand);
            if (hint != null) {
                dnnl.dnnl_primitive_desc_destroy(hint);
            }
        }

        /** Returns (N, H, W, C) extents as oneDNN names them, (N, C, H, W). */
        private static long[] channelsSecond(Shape shape) {
            return new long[] {shape.dim(0), shape.dim(3), shape.dim(1), shape.dim(2)};
        }
    }
}
