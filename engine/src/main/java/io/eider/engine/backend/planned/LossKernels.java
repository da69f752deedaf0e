package io.eider.engine.backend.planned;

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
import org.bytedeco.javacpp.LongPointer;

/** The losses: value, gradient, tangent and meta-gradient. A bad example stops the run with its index. */
public final class LossKernels {
    /** The native functions of one backend, with the arguments of {@code abi.h}. Each returns a status or leaves one. */
    public interface Calls {
        /** The losses of logits z. */
        long value(
                int loss,
                float parameter,
                long n,
                long classes,
                FloatPointer z,
                IntPointer labels,
                FloatPointer margins,
                FloatPointer losses,
                LongPointer statusWord);

        /** Their gradient. */
        long gradient(
                int loss,
                float parameter,
                long n,
                long classes,
                FloatPointer z,
                IntPointer labels,
                FloatPointer margins,
                FloatPointer cotangent,
                FloatPointer gz,
                LongPointer statusWord);

        /** Their tangent. */
        long tangent(
                int loss,
                float parameter,
                long n,
                long classes,
                FloatPointer z,
                IntPointer labels,
                FloatPointer margins,
                FloatPointer tz,
                FloatPointer tlosses,
                LongPointer statusWord);

        /** Tangent, weights and weighted gradient. */
        long metaGradient(
                int loss,
                float parameter,
                long n,
                long classes,
                FloatPointer z,
                IntPointer labels,
                FloatPointer margins,
                FloatPointer tz,
                FloatPointer classWeights,
                FloatPointer step,
                FloatPointer tlosses,
                FloatPointer weights,
                FloatPointer gz,
                LongPointer statusWord);
    }

    private LossKernels() {}

    /** Returns the kernels, given their calls. */
    public static List<Kernel> all(String prefix, Calls calls) {
        return List.of(
                new LossKernel(ExampleLoss.class, node -> new Value(prefix, calls, node)),
                new LossKernel(ExampleLossGradient.class, node -> new Gradient(prefix, calls, node)),
                new LossKernel(ExampleLossTangent.class, node -> new Tangent(prefix, calls, node)),
                new LossKernel(MetaGradient.class, node -> new Meta(prefix, calls, node)));
    }

    private record LossKernel(Class<? extends Op> op, Function<Node, Kernel.Prepared> preparation) implements Kernel {
        @Override
        public Prepared prepare(Node node) {
            return preparation.apply(node);
        }
    }

    /** The loss, as {@code abi.h} names it, and what every kernel reads. */
    private abstract static class Loss extends ExampleKernel {
        final Calls calls;
        final int id;
        final float parameter;
        final int n;
        final int classes;
        FloatPointer logits;
        IntPointer labels;
        FloatPointer margins;
        private final boolean hasMargins;
        private FloatPointer[] others;
        private FloatPointer[] outputs;

        private Loss(String name, Calls calls, LossFunction loss, Node node) {
            super(name, node.op().name(), badLabel(node.input(0).shape().dim(1)));
            this.calls = calls;
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
        private Value(String prefix, Calls calls, Node node) {
            super(prefix + "_loss", calls, ((ExampleLoss) node.op()).loss(), node);
        }

        @Override
        protected long call(LongPointer statusWord) {
            return calls.value(id, parameter, n, classes, logits, labels, margins, out(0), statusWord);
        }
    }

    private static final class Gradient extends Loss {
        private Gradient(String prefix, Calls calls, Node node) {
            super(prefix + "_loss_gradient", calls, ((ExampleLossGradient) node.op()).loss(), node);
        }

        @Override
        public boolean inPlace(int input, int output) {
            return input == 0;
        }

        @Override
        protected long call(LongPointer statusWord) {
            return calls.gradient(id, parameter, n, classes, logits, labels, margins, in(0), out(0), statusWord);
        }
    }

    private static final class Tangent extends Loss {
        private Tangent(String prefix, Calls calls, Node node) {
            super(prefix + "_loss_tangent", calls, ((ExampleLossTangent) node.op()).loss(), node);
        }

        @Override
        protected long call(LongPointer statusWord) {
            return calls.tangent(id, parameter, n, classes, logits, labels, margins, in(0), out(0), statusWord);
        }
    }

    private static final class Meta extends Loss {
        private Meta(String prefix, Calls calls, Node node) {
            super(prefix + "_loss_meta_gradient", calls, ((MetaGradient) node.op()).loss(), node);
        }

        @Override
        public boolean inPlace(int input, int output) {
            return output == 2 && (input == 0 || input == first());
        }

        @Override
        protected long call(LongPointer statusWord) {
            return calls.metaGradient(
                    id,
                    parameter,
                    n,
                    classes,
                    logits,
                    labels,
                    margins,
                    in(0),
                    in(1),
                    in(2),
                    out(0),
                    out(1),
                    out(2),
                    statusWord);
        }
    }
}
