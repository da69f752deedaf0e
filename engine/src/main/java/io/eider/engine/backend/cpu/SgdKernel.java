package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.op.fused.SgdStep;
import io.eider.natives.Kernels;
import org.bytedeco.javacpp.FloatPointer;

/** One SGD step, usually in place: parameter and momentum are written where they are read. */
final class SgdKernel implements Kernel {
    @Override
    public Class<? extends Op> op() {
        return SgdStep.class;
    }

    @Override
    public Prepared prepare(Node node) {
        return new PreparedSgd(node);
    }

    private static final class PreparedSgd extends OwnKernel {
        private static final int LEARNING_RATE = 3;

        private final SgdStep op;
        private final long n;
        private FloatPointer learningRate;
        private FloatPointer parameter;
        private FloatPointer momentum;
        private FloatPointer gradient;
        private FloatPointer nextParameter;
        private FloatPointer nextMomentum;

        private PreparedSgd(Node node) {
            super("eider_sgd");
            op = (SgdStep) node.op();
            n = node.type(0).shape().size();
        }

        @Override
        public boolean inPlace(int input, int output) {
            return input != LEARNING_RATE;
        }

        @Override
        public void bind(long[] inputs, long[] outputs, long workspace) {
            parameter = Address.floats(inputs[0]);
            momentum = Address.floats(inputs[1]);
            gradient = Address.floats(inputs[2]);
            learningRate = Address.floats(inputs[LEARNING_RATE]);
            nextParameter = Address.floats(outputs[0]);
            nextMomentum = Address.floats(outputs[1]);
        }

        @Override
        public void run() {
            done(Kernels.eider_sgd_f32(
                    n,
                    learningRate,
                    (float) op.momentum(),
                    (float) op.weightDecay(),
                    op.nesterov() ? 1 : 0,
                    parameter,
                    momentum,
                    gradient,
                    nextParameter,
                    nextMomentum));
        }
    }
}
