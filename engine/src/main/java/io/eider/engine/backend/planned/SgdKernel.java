package io.eider.engine.backend.planned;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.op.fused.SgdStep;
import org.bytedeco.javacpp.FloatPointer;

/** One SGD step, usually in place: parameter and momentum are written where they are read. */
public final class SgdKernel implements Kernel {
    /** The native function of one backend, with the arguments of {@code abi.h}. */
    @FunctionalInterface
    public interface Call {
        /** Runs; returns a status. */
        int of(
                long n,
                FloatPointer learningRate,
                float momentum,
                float weightDecay,
                int nesterov,
                FloatPointer p,
                FloatPointer m,
                FloatPointer g,
                FloatPointer nextP,
                FloatPointer nextM);
    }

    private final String name;
    private final Call call;

    /** Creates it under the function's name in the C ABI, without the element type. */
    public SgdKernel(String name, Call call) {
        this.name = name;
        this.call = call;
    }

    @Override
    public Class<? extends Op> op() {
        return SgdStep.class;
    }

    @Override
    public Prepared prepare(Node node) {
        return new PreparedSgd(name, call, node);
    }

    private static final class PreparedSgd extends OwnKernel {
        private static final int LEARNING_RATE = 3;

        private final Call call;
        private final SgdStep op;
        private final long n;
        private FloatPointer learningRate;
        private FloatPointer parameter;
        private FloatPointer momentum;
        private FloatPointer gradient;
        private FloatPointer nextParameter;
        private FloatPointer nextMomentum;

        private PreparedSgd(String name, Call call, Node node) {
            super(name);
            this.call = call;
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
            done(call.of(
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
