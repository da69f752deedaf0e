package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.op.fused.BatchNorm;
import io.eider.engine.op.fused.BatchNormGradient;
import io.eider.engine.op.fused.BatchNormTangent;
import io.eider.engine.op.fused.ChannelAffine;
import io.eider.natives.Kernels;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/** Batch normalisation, its gradient and tangent, and its form with given statistics. */
final class BatchNormKernels {
    private BatchNormKernels() {}

    static List<Kernel> all() {
        return List.of(
                new RowKernel(BatchNorm.class, Forward::new),
                new RowKernel(BatchNormGradient.class, Gradient::new),
                new RowKernel(BatchNormTangent.class, Tangent::new),
                new RowKernel(ChannelAffine.class, Affine::new));
    }

    /** A kernel over rows x channels; statistics need at least one row. */
    private record RowKernel(Class<? extends Op> op, Function<Node, Kernel.Prepared> preparation) implements Kernel {
        @Override
        public Set<DType> dtypes() {
            return Set.of(DType.F32, DType.BF16);
        }

        @Override
        public boolean supports(Node node) {
            return op == ChannelAffine.class || node.input(0).shape().size() > 0;
        }

        @Override
        public Prepared prepare(Node node) {
            return preparation.apply(node);
        }
    }

    /** Extents and addresses that the four have in common. Where x is bf16, so are the other tensors of its shape. */
    private abstract static class Rows extends OwnKernel {
        final long channels;
        final long rows;
        final boolean bfloats;
        private FloatPointer[] inputs;
        private FloatPointer[] outputs;
        private ShortPointer[] bfloatInputs;
        private ShortPointer[] bfloatOutputs;

        private Rows(String name, Node node) {
            super(name);
            Shape x = node.input(0).shape();
            channels = x.dim(-1);
            rows = channels == 0 ? 0 : x.size() / channels;
            bfloats = node.input(0).dtype() == DType.BF16;
        }

        final FloatPointer in(int index) {
            return inputs[index];
        }

        final FloatPointer out(int index) {
            return outputs[index];
        }

        final ShortPointer bfloatIn(int index) {
            return bfloatInputs[index];
        }

        final ShortPointer bfloatOut(int index) {
            return bfloatOutputs[index];
        }

        /** Runs on f32. */
        abstract int runFloats();

        /** Runs on bf16. */
        abstract int runBFloats();

        @Override
        public void run() {
            done(bfloats ? runBFloats() : runFloats());
        }

        @Override
        public void bind(long[] in, long[] out, long workspace) {
            inputs = Arrays.stream(in).mapToObj(Address::floats).toArray(FloatPointer[]::new);
            outputs = Arrays.stream(out).mapToObj(Address::floats).toArray(FloatPointer[]::new);
            bfloatInputs = Arrays.stream(in).mapToObj(Address::bfloats).toArray(ShortPointer[]::new);
            bfloatOutputs = Arrays.stream(out).mapToObj(Address::bfloats).toArray(ShortPointer[]::new);
        }
    }

    /** The three that take sums over rows. */
    private abstract static class Statistics extends Rows {
        Pointer workspace;

        private Statistics(String name, Node node) {
            super(name, node);
        }

        @Override
        public final long workspaceBytes() {
            return Kernels.eider_batch_norm_workspace(rows, channels);
        }

        @Override
        public final void bind(long[] in, long[] out, long scratch) {
            super.bind(in, out, scratch);
            workspace = Address.of(scratch);
        }
    }

    private static final class Forward extends Statistics {
        private final BatchNorm op;

        private Forward(Node node) {
            super("eider_batch_norm", node);
            op = (BatchNorm) node.op();
        }

        @Override
        public boolean inPlace(int input, int output) {
            return output == 0 && (input == 0 || input == 3);
        }

        @Override
        int runFloats() {
            return Kernels.eider_batch_norm_f32(
                    rows,
                    channels,
                    (float) op.epsilon(),
                    op.relu() ? 1 : 0,
                    in(0),
                    in(1),
                    in(2),
                    op.residual() ? in(3) : null,
                    out(0),
                    out(1),
                    out(2),
                    workspace);
        }

        @Override
        int runBFloats() {
            return Kernels.eider_batch_norm_bf16(
                    rows,
                    channels,
                    (float) op.epsilon(),
                    op.relu() ? 1 : 0,
                    bfloatIn(0),
                    in(1),
                    in(2),
                    op.residual() ? bfloatIn(3) : null,
                    bfloatOut(0),
                    out(1),
                    out(2),
                    workspace);
        }
    }

    private static final class Gradient extends Statistics {
        private static final int GY = 4;

        private final BatchNormGradient op;

        private Gradient(Node node) {
            super("eider_batch_norm_gradient", node);
            op = (BatchNormGradient) node.op();
        }

        @Override
        public boolean inPlace(int input, int output) {
            // The residual's cotangent is written in the first pass, when x and y are still to be read.
            return output == 0 && (input == 0 || input == GY || input == 5) || output == 3 && input == GY;
        }

        @Override
        int runFloats() {
            return Kernels.eider_batch_norm_gradient_f32(
                    rows,
                    channels,
                    (float) op.epsilon(),
                    op.relu() ? 1 : 0,
                    in(0),
                    op.relu() ? in(5) : null,
                    in(1),
                    in(2),
                    in(3),
                    in(GY),
                    out(0),
                    out(1),
                    out(2),
                    op.residual() ? out(3) : null,
                    workspace);
        }

        @Override
        int runBFloats() {
            return Kernels.eider_batch_norm_gradient_bf16(
                    rows,
                    channels,
                    (float) op.epsilon(),
                    op.relu() ? 1 : 0,
                    bfloatIn(0),
                    op.relu() ? bfloatIn(5) : null,
                    in(1),
                    in(2),
                    in(3),
                    bfloatIn(GY),
                    bfloatOut(0),
                    out(1),
                    out(2),
                    op.residual() ? bfloatOut(3) : null,
                    workspace);
        }
    }

    private static final class Tangent extends Statistics {
        private final BatchNormTangent op;
        private final int residual;
        private final int y;

        private Tangent(Node node) {
            super("eider_batch_norm_tangent", node);
            op = (BatchNormTangent) node.op();
            residual = 7;
            y = op.residual() ? 8 : 7;
        }

        @Override
        public boolean inPlace(int input, int output) {
            return output == 0 && (input == 0 || input == 4 || input >= residual);
        }

        @Override
        int runFloats() {
            return Kernels.eider_batch_norm_tangent_f32(
                    rows,
                    channels,
                    (float) op.epsilon(),
                    op.relu() ? 1 : 0,
                    in(0),
                    op.relu() ? in(y) : null,
                    in(1),
                    in(2),
                    in(3),
                    in(4),
                    in(5),
                    in(6),
                    op.residual() ? in(residual) : null,
                    out(0),
                    out(1),
                    out(2),
                    workspace);
        }

        @Override
        int runBFloats() {
            return Kernels.eider_batch_norm_tangent_bf16(
                    rows,
                    channels,
                    (float) op.epsilon(),
                    op.relu() ? 1 : 0,
                    bfloatIn(0),
                    op.relu() ? bfloatIn(y) : null,
                    in(1),
                    in(2),
                    in(3),
                    bfloatIn(4),
                    in(5),
                    in(6),
                    op.residual() ? bfloatIn(residual) : null,
                    bfloatOut(0),
                    out(1),
                    out(2),
                    workspace);
        }
    }

    private static final class Affine extends Rows {
        private final ChannelAffine op;

        private Affine(Node node) {
            super("eider_channel_affine", node);
            op = (ChannelAffine) node.op();
        }

        @Override
        public boolean inPlace(int input, int output) {
            return input == 0 || input == 3;
        }

        @Override
        int runFloats() {
            return Kernels.eider_channel_affine_f32(
                    rows, channels, op.relu() ? 1 : 0, in(0), in(1), in(2), op.residual() ? in(3) : null, out(0));
        }

        @Override
        int runBFloats() {
            return Kernels.eider_channel_affine_bf16(
                    rows,
                    channels,
                    op.relu() ? 1 : 0,
                    bfloatIn(0),
                    in(1),
                    in(2),
                    op.residual() ? bfloatIn(3) : null,
                    bfloatOut(0));
        }
    }
}
