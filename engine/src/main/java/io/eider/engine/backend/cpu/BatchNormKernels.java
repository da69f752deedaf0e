package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.op.fused.BatchNorm;
import io.eider.engine.op.fused.BatchNormGradient;
import io.eider.engine.op.fused.BatchNormTangent;
import io.eider.engine.op.fused.ChannelAffine;
import io.eider.natives.Kernels;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

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
        public boolean supports(Node node) {
            return op == ChannelAffine.class || node.input(0).shape().size() > 0;
        }

        @Override
        public Prepared prepare(Node node) {
            return preparation.apply(node);
        }
    }

    /** Extents, addresses and scratch memory that the four have in common. */
    private abstract static class Rows extends OwnKernel {
        final long channels;
        final long rows;
        private FloatPointer[] inputs;
        private FloatPointer[] outputs;

        private Rows(String name, Node node) {
            super(name);
            Shape x = node.input(0).shape();
            channels = x.dim(-1);
            rows = channels == 0 ? 0 : x.size() / channels;
        }

        final FloatPointer in(int index) {
            return inputs[index];
        }

        final FloatPointer out(int index) {
            return outputs[index];
        }

        @Override
        public void bind(long[] in, long[] out, long workspace) {
            inputs = pointers(in);
            outputs = pointers(out);
        }

        private static FloatPointer[] pointers(long[] addresses) {
            FloatPointer[] pointers = new FloatPointer[addresses.length];
            for (int i = 0; i < addresses.length; i++) {
                pointers[i] = Address.floats(addresses[i]);
            }
            return pointers;
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
        public void run() {
            done(Kernels.eider_batch_norm_f32(
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
                    workspace));
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
        public void run() {
            done(Kernels.eider_batch_norm_gradient_f32(
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
                    workspace));
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
        public void run() {
            done(Kernels.eider_batch_norm_tangent_f32(
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
                    workspace));
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
        public void run() {
            done(Kernels.eider_channel_affine_f32(
                    rows, channels, op.relu() ? 1 : 0, in(0), in(1), in(2), op.residual() ? in(3) : null, out(0)));
        }
    }
}
