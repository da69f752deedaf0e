package io.eider.engine.backend.cuda;

import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.planned.Address;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.op.fused.ScaledSums;
import io.eider.natives.CudaKernels;
import io.eider.natives.CudaKernels.EiderCudaScaleAddEntry;
import java.util.Set;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;

/** The look-ahead of all parameters, one launch. */
record CudaScaledSums(CudaContext context) implements Kernel {
    @Override
    public Class<? extends Op> op() {
        return ScaledSums.class;
    }

    @Override
    public Set<DType> dtypes() {
        return Set.of(DType.F32);
    }

    @Override
    public Prepared prepare(Node node) {
        return new Sums(context, node);
    }

    private static final class Sums implements Prepared {
        private final CudaContext context;
        private final Node node;
        private final int count;
        private final DeviceTable table;
        private final EiderCudaScaleAddEntry entries;
        private long chunks;
        private FloatPointer factor;

        private Sums(CudaContext context, Node node) {
            this.context = context;
            this.node = node;
            count = ((ScaledSums) node.op()).count();
            table = new DeviceTable(
                    context, "a table of scaled sums", (long) count * Loader.sizeof(EiderCudaScaleAddEntry.class));
            entries = new EiderCudaScaleAddEntry(table.device());
        }

        @Override
        public String implementation() {
            return "eider_cuda_scale_add_all";
        }

        /** A sum may be written where its own x or y is read, and nowhere else. */
        @Override
        public boolean inPlace(int input, int output) {
            return input == output || input == count + output;
        }

        @Override
        public void bind(long[] inputs, long[] outputs, long workspace) {
            EiderCudaScaleAddEntry written = new EiderCudaScaleAddEntry(table.host());
            for (int i = 0; i < count; i++) {
                written.position(i)
                        .x(Address.floats(inputs[i]))
                        .y(Address.floats(inputs[count + i]))
                        .out(Address.floats(outputs[i]))
                        .n(node.type(i).shape().size());
            }
            chunks = CudaKernels.eider_cuda_scale_add_chunks(count, written.position(0));
            factor = Address.floats(inputs[2 * count]);
            table.upload();
        }

        @Override
        public void run() {
            Launch.check(
                    "eider_cuda_scale_add_all",
                    CudaKernels.eider_cuda_scale_add_all_f32(count, chunks, entries, factor, context.stream()));
        }

        @Override
        public void close() {
            table.close();
        }
    }
}
