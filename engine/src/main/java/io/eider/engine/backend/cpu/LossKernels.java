package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.op.fused.CrossEntropy;
import io.eider.engine.op.fused.ExampleLoss;
import io.eider.engine.op.fused.ExampleLossGradient;
import io.eider.engine.op.fused.ExampleLossTangent;
import io.eider.engine.op.fused.Focal;
import io.eider.engine.op.fused.Ldam;
import io.eider.engine.op.fused.LossFunction;
import io.eider.engine.op.fused.MetaGradient;
import io.eider.engine.op.fused.SigmoidFocal;
import io.eider.natives.Kernels;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;

/** The losses: value, gradient, tangent and meta-gradient. A bad example stops the run with its index. */
final class LossKernels {
    private LossKernels() {}

    static List<Kernel> all() {
        return List.of(
                new LossKernel(ExampleLoss.class, Value::new),
                new LossKernel(ExampleLossGradient.class, Gradient::new),
                new LossKernel(ExampleLossTangent.class, Tangent::new),
                new LossKernel(MetaGradient.class, Meta::new));
    }

    private record LossKernel(Class<? extends Op> op, Function<Node, Kernel.Prepared> preparation) implements Kernel {
        @Override
        public Prepared prepare(Node node) {
            return preparation.apply(node);
        }
    }

    /** The loss, as {@code abi.h} names it, and what every kernel reads. */
    private abstract static class Loss extends OwnKernel {
        final int id;
        final float parameter;
        final int n;
        final int classes;
        FloatPointer logits;
        IntPointer labels;
        FloatPointer margins;
        private final String op;
        private final boolean hasMargins;
        private FloatPointer[] others;
        private FloatPointer[] outputs;

        private Loss(String name, LossFunction loss, Node node) {
            super(name);
            op = node.op().name();
            n = node.input(0).shape().dim(0);
            classes = node.input(0).shape().dim(1);
            hasMargins = loss.margins();
            if (loss instanceof Focal focal) {
                id = Kernels.EIDER_FOCAL;
                parameter = (float) focal.gamma();
            } else if (loss instanceof SigmoidFocal focal) {
                id = Kernels.EIDER_SIGMOID_FOCAL;
                parameter = (float) focal.gamma();
            } else if (loss instanceof Ldam ldam) {
                id = Kernels.EIDER_LDAM;
                parameter = (float) ldam.scale();
            } else if (loss instanceof CrossEntropy) {
                id = Kernels.EIDER_CROSS_ENTROPY;
                parameter = 0;
            } else {
                throw new IllegalStateException("no kernel for the loss " + loss);
            }
        }

        @Override
        public final void bind(long[] in, long[] out, long workspace) {
            logits = Address.floats(in[0]);
            labels = Address.ints(in[1]);
            margins = hasMargins ? Address.floats(in[2]) : null;
            others = new FloatPointer[in.length - first()];
            for (int i = 0; i < others.length; i++) {
                others[i] = Address.floats(in[first() + i]);
            }
            outputs = new FloatPointer[out.length];
            for (int i = 0; i < out.length; i++) {
                outputs[i] = Address.floats(out[i]);
            }
        }

        @Override
        public final void run() {
            examples(op, classes, status());
        }

        abstract long status();

        /** Index of the first input after the loss's own. */
        final int first() {
            return hasMargins ? 3 : 2;
        }

        /** The inputs after the loss's own. */
        final FloatPointer in(int index) {
            return others[index];
        }

        final FloatPointer out(int index) {
            return outputs[index];
        }
    }

    private static final class Value extends Loss {
        private Value(Node node) {
            super("eider_loss", ((ExampleLoss) node.op()).loss(), node);
        }

        @Override
        long status() {
            return Kernels.eider_loss_f32(id, parameter, n, classes, logits, labels, margins, out(0));
        }
    }

    private static final class Gradient extends Loss {
        private Gradient(Node node) {
            super("eider_loss_gradient", ((ExampleLossGradient) node.op()).loss(), node);
        }

        @Override
        public boolean inPlace(int input, int output) {
            return input == 0;
        }

        @Override
        long status() {
            return Kernels.eider_loss_gradient_f32(id, parameter, n, classes, logits, labels, margins, in(0), out(0));
        }
    }

    private static final class Tangent extends Loss {
        private Tangent(Node node) {
            super("eider_loss_tangent", ((ExampleLossTangent) node.op()).loss(), node);
        }

        @Override
        long status() {
            return Kernels.eider_loss_tangent_f32(id, parameter, n, classes, logits, labels, margins, in(0), out(0));
        }
    }

    private static final class Meta extends Loss {
        private Meta(Node node) {
            super("eider_loss_meta_gradient", ((MetaGradient) node.op()).loss(), node);
        }

        @Override
        public boolean inPlace(int input, int output) {
            return output == 2 && (input == 0 || input == first());
        }

        @Override
        long status() {
            return Kernels.eider_loss_meta_gradient_f32(
                    id, parameter, n, classes, logits, labels, margins, in(0), in(1), in(2), out(0), out(1), out(2));
        }
    }
}
