package io.eider.engine.backend.cuda;

import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.planned.Address;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.op.fused.SgdSteps;
import io.eider.natives.CudaKernels;
import io.eider.natives.CudaKernels.EiderCudaSgdEntry;
import java.util.Set;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;

/** The update of all parameters, one launch. */
record CudaSgd(CudaContext context) implements Kernel {
    @Override
    public Class<? extends Op> op() {
        return SgdSteps.class;
    }

    @Override
    public Set<DType> dtypes() {
        return Set.of(DType.F32);
    }

    @Override
    public Prepared prepare(Node node) {
        return new Steps(context, node);
    }

    private static final class Steps implements Prepared {
        private final CudaContext context;
        private final Node node;
        private final SgdSteps op;
        private final int count;
        private final DeviceTable table;
        private final EiderCudaSgdEntry entries;
        private long chunks;
        private FloatPointer learningRate;

        private Steps(CudaContext context, Node node) {
            this.context = context;
            this.node = node;
            op = (SgdSteps) node.op();
            count = op.count();
            table = new DeviceTable(
                    context, "a table of parameters", (long) count * Loader.sizeof(EiderCudaSgdEntry.class));
            entries = new EiderCudaSgdEntry(table.device());
        }

        @Override
        public String implementation() {
            return "eider_cuda_sgd_all";
        }

        /** A parameter and its momentum may be written where they are read, and nowhere else. */
        @Override
        public boolean inPlace(int input, int output) {
            return input == output;
        }

        @Override
        public void bind(long[] inputs, long[] outputs, long workspace) {
            EiderCudaSgdEntry written = new EiderCudaSgdEntry(table.host());
            for (int i = 0; i < count; i++) {
                written.position(i)
                        .p(Address.floats(inputs[i]))
                        .m(Address.floats(inputs[count + i]))
                        .g(Address.floats(inputs[2 * count + i]))
                        .p_next(Address.floats(outputs[i]))
                        .m_next(Address.floats(outputs[count + i]))
                        .n(node.type(i).shape().size());
            }
            chunks = CudaKernels.eider_cuda_sgd_chunks(count, written.position(0));
            learningRate = Address.floats(inputs[3 * count]);
            table.upload();
        }

        @Override
        public void run() {
            Launch.check(
                    "eider_cuda_sgd_all",
                    CudaKernels.eider_cuda_sgd_all_f32(
                            count,
                            chunks,
                            entries,
                            learningRate,
                            (float) op.step().momentum(),
                            (float) op.step().weightDecay(),
                            op.step().nesterov() ? 1 : 0,
                            context.stream()));
        }

        @Override
        public void close() {
            table.close();
        }
    }
}
