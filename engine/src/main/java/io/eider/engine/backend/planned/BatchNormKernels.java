package io.eider.engine.backend.planned;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.op.fused.BatchNorm;
import io.eider.engine.op.fused.BatchNormGradient;
import io.eider.engine.op.fused.BatchNormTangent;
import io.eider.engine.op.fused.ChannelAffine;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/**
 * Batch normalisation, its gradient and tangent, and its form with given statistics. What has the shape of the images is
 * of their element type, what there is one of a channel is f32.
 */
public final class BatchNormKernels {
    /** Normalises. */
    @FunctionalInterface
    public interface ForwardCall<P extends Pointer> {
        /** Runs, with the arguments of {@code abi.h}; returns a status. */
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
                Pointer workspace);
    }

    /** Computes the gradients of x, gamma, beta and the residual. */
    @FunctionalInterface
    public interface GradientCall<P extends Pointer> {
        /** Runs, with the arguments of {@code abi.h}; returns a status. */
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
                Pointer workspace);
    }

    /** Computes the tangents of y, mean and variance. */
    @FunctionalInterface
    public interface TangentCall<P extends Pointer> {
        /** Runs, with the arguments of {@code abi.h}; returns a status. */
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
                Pointer workspace);
    }

    /** Scales and shifts each channel. */
    @FunctionalInterface
    public interface AffineCall<P extends Pointer> {
        /** Runs, with the arguments of {@code abi.h}; returns a status. */
        int of(long rows, long channels, int relu, P x, FloatPointer scale, FloatPointer shift, P residual, P y);
    }

    /** The native functions for images of one element type. */
    public record Calls<P extends Pointer>(
            ForwardCall<P> forward, GradientCall<P> gradient, TangentCall<P> tangent, AffineCall<P> affine) {}

    /** Scratch memory of the three that take sums over rows. */
    @FunctionalInterface
    public interface Workspace {
        /** Returns bytes. */
        long bytes(long rows, long channels);
    }

    private record Images<P extends Pointer>(
            String prefix, LongFunction<P> pointer, Calls<P> calls, Workspace workspace) {}

    private final Map<DType, Images<?>> images = new EnumMap<>(DType.class);

    /** Creates those for images of f32 and of bf16. */
    public BatchNormKernels(
            String prefix, Workspace workspace, Calls<FloatPointer> floats, Calls<ShortPointer> bfloats) {
        images.put(DType.F32, new Images<>(prefix, Address::floats, floats, workspace));
        images.put(DType.BF16, new Images<>(prefix, Address::bfloats, bfloats, workspace));
    }

    /** Returns the kernels. Statistics need at least one row. */
    public List<Kernel> all() {
        return List.of(
                kernel(BatchNorm.class, (of, node) -> new Forward<>(of, node)),
                kernel(BatchNormGradient.class, (of, node) -> new Gradient<>(of, node)),
                kernel(BatchNormTangent.class, (of, node) -> new Tangent<>(of, node)),
                kernel(ChannelAffine.class, (of, node) -> new Affine<>(of, node)));
    }

    private interface Preparation {
        Kernel.Prepared of(Images<?> images, Node node);
    }

    private Kernel kernel(Class<? extends Op> op, Preparation preparation) {
        Map<DType, Function<Node, Kernel.Prepared>> preparations = new EnumMap<>(DType.class);
        images.forEach((dtype, of) -> preparations.put(dtype, node -> preparation.of(of, node)));
        return new KernelByType(
                op,
                preparations,
                node -> op == ChannelAffine.class || node.input(0).shape().size() > 0);
    }

    /** Extents and addresses that the four have in common. */
    private abstract static class Rows<P extends Pointer> extends OwnKernel {
        final Images<P> of;
        final long channels;
        final long rows;
        Pointer workspace;
        private List<P> images;
        private List<P> imageResults;
        private List<FloatPointer> floats;
        private List<FloatPointer> floatResults;

        private Rows(String name, Images<P> of, Node node) {
            super(of.prefix + name);
            this.of = of;
            Shape x = node.input(0).shape();
            channels = x.dim(-1);
            rows = channels == 0 ? 0 : x.size() / channels;
        }

        /** An input of the images' shape. */
        final P image(int index) {
            return images.get(index);
        }

        /** An output of the images' shape. */
        final P imageResult(int index) {
            return imageResults.get(index);
        }

        /** An input of one number a channel. */
        final FloatPointer in(int index) {
            return floats.get(index);
        }

        /** An output of one number a channel. */
        final FloatPointer out(int index) {
            return floatResults.get(index);
        }

        @Override
        public final void bind(long[] inputs, long[] outputs, long scratch) {
            images = Arrays.stream(inputs).mapToObj(of.pointer).toList();
            imageResults = Arrays.stream(outputs).mapToObj(of.pointer).toList();
            floats = Arrays.stream(inputs).mapToObj(Address::floats).toList();
            floatResults = Arrays.stream(outputs).mapToObj(Address::floats).toList();
            workspace = Address.of(scratch);
        }
    }

    private static final class Forward<P extends Pointer> extends Rows<P> {
        private final BatchNorm op;

        private Forward(Images<P> of, Node node) {
            super("_batch_norm", of, node);
            op = (BatchNorm) node.op();
        }

        @Override
        public long workspaceBytes() {
            return of.workspace.bytes(rows, channels);
        }

        @Override
        public boolean inPlace(int input, int output) {
            return output == 0 && (input == 0 || input == 3);
        }

        @Override
        public void run() {
            done(of.calls.forward.of(
                    rows,
                    channels,
                    (float) op.epsilon(),
                    op.relu() ? 1 : 0,
                    image(0),
                    in(1),
                    in(2),
                    op.residual() ? image(3) : null,
                    imageResult(0),
                    out(1),
                    out(2),
                    workspace));
        }
    }

    private static final class Gradient<P extends Pointer> extends Rows<P> {
        private static final int GY = 4;
        private static final int Y = 5;

        private final BatchNormGradient op;

        private Gradient(Images<P> of, Node node) {
            super("_batch_norm_gradient", of, node);
            op = (BatchNormGradient) node.op();
        }

        @Override
        public long workspaceBytes() {
            return of.workspace.bytes(rows, channels);
        }

        @Override
        public boolean inPlace(int input, int output) {
            // The residual's cotangent is written in the first pass, when x and y are still to be read.
            return output == 0 && (input == 0 || input == GY || input == Y) || output == 3 && input == GY;
        }

        @Override
        public void run() {
            done(of.calls.gradient.of(
                    rows,
                    channels,
                    (float) op.epsilon(),
                    op.relu() ? 1 : 0,
                    image(0),
                    op.relu() ? image(Y) : null,
                    in(1),
                    in(2),
                    in(3),
                    image(GY),
                    imageResult(0),
                    out(1),
                    out(2),
                    op.residual() ? imageResult(3) : null,
                    workspace));
        }
    }

    private static final class Tangent<P extends Pointer> extends Rows<P> {
        private static final int RESIDUAL = 7;

        private final BatchNormTangent op;
        private final int y;

        private Tangent(Images<P> of, Node node) {
            super("_batch_norm_tangent", of, node);
            op = (BatchNormTangent) node.op();
            y = op.residual() ? RESIDUAL + 1 : RESIDUAL;
        }

        @Override
        public long workspaceBytes() {
            return of.workspace.bytes(rows, channels);
        }

        @Override
        public boolean inPlace(int input, int output) {
            return output == 0 && (input == 0 || input == 4 || input >= RESIDUAL);
        }

        @Override
        public void run() {
            done(of.calls.tangent.of(
                    rows,
                    channels,
                    (float) op.epsilon(),
                    op.relu() ? 1 : 0,
                    image(0),
                    op.relu() ? image(y) : null,
                    in(1),
                    in(2),
                    in(3),
                    image(4),
                    in(5),
                    in(6),
                    op.residual() ? image(RESIDUAL) : null,
                    imageResult(0),
                    out(1),
                    out(2),
                    workspace));
        }
    }

    private static final class Affine<P extends Pointer> extends Rows<P> {
        private final ChannelAffine op;

        private Affine(Images<P> of, Node node) {
            super("_channel_affine", of, node);
            op = (ChannelAffine) node.op();
        }

        @Override
        public boolean inPlace(int input, int output) {
            return input == 0 || input == 3;
        }

        @Override
        public void run() {
            done(of.calls.affine.of(
                    rows,
                    channels,
                    op.relu() ? 1 : 0,
                    image(0),
                    in(1),
                    in(2),
                    op.residual() ? image(3) : null,
                    imageResult(0)));
        }
    }
}
