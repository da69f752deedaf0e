package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.op.primitive.Max;
import io.eider.engine.op.primitive.Sum;
import io.eider.natives.Kernels;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/** Sum and maximum over axes. */
final class ReductionKernels {
    private static final int HIGHEST_RANK = 8;

    private interface Call {
        int of(
                int keptRank,
                LongPointer keptDims,
                LongPointer keptStrides,
                int reducedRank,
                LongPointer reducedDims,
                LongPointer reducedStrides,
                FloatPointer x,
                FloatPointer y,
                Pointer workspace);
    }

    private ReductionKernels() {}

    static List<Kernel> all() {
        return List.of(new SumKernel(), new MaxKernel());
    }

    private record SumKernel() implements Kernel {
        @Override
        public Class<? extends Op> op() {
            return Sum.class;
        }

        @Override
        public Set<DType> dtypes() {
            return Set.of(DType.F32, DType.BF16);
        }

        @Override
        public boolean supports(Node node) {
            return node.input(0).shape().rank() <= HIGHEST_RANK;
        }

        @Override
        public Prepared prepare(Node node) {
            return new Reduction("eider_sum", Kernels::eider_sum_f32, node, ((Sum) node.op()).axes());
        }
    }

    private record MaxKernel() implements Kernel {
        @Override
        public Class<? extends Op> op() {
            return Max.class;
        }

        @Override
        public boolean supports(Node node) {
            return node.input(0).shape().rank() <= HIGHEST_RANK;
        }

        @Override
        public Prepared prepare(Node node) {
            return new Reduction("eider_max", Kernels::eider_max_f32, node, ((Max) node.op()).axes());
        }
    }

    private static final class Reduction extends OwnKernel {
        private final Call call;
        private final int keptRank;
        private final LongPointer keptDims;
        private final LongPointer keptStrides;
        private final int reducedRank;
        private final LongPointer reducedDims;
        private final LongPointer reducedStrides;
        private final long workspaceBytes;
        private final boolean ofBFloats;
        private IntSupplier reduction;

        private Reduction(String name, Call call, Node node, List<Integer> axes) {
            super(name);
            this.call = call;
            ofBFloats = node.input(0).dtype() == DType.BF16;
            Shape shape = node.input(0).shape();
            long[] strides = shape.strides();
            int[] kept = IntStream.range(0, shape.rank())
                    .filter(axis -> !axes.contains(axis))
                    .toArray();
            int[] reduced = axes.stream().mapToInt(Integer::intValue).toArray();
            keptRank = kept.length;
            keptDims = Extents.of(IntStream.of(kept).map(shape::dim).toArray());
            keptStrides = Extents.of(
                    IntStream.of(kept).mapToLong(axis -> strides[axis]).toArray());
            reducedRank = reduced.length;
            reducedDims = Extents.of(IntStream.of(reduced).map(shape::dim).toArray());
            reducedStrides = Extents.of(
                    IntStream.of(reduced).mapToLong(axis -> strides[axis]).toArray());
            workspaceBytes = Kernels.eider_reduce_workspace_f32(
                    keptRank, keptDims, keptStrides, reducedRank, reducedDims, reducedStrides);
            if (workspaceBytes < 0) {
                throw new IllegalStateException(name + " refused the sizes of " + node);
            }
        }

        @Override
        public long workspaceBytes() {
            return workspaceBytes;
        }

        @Override
        public void bind(long[] inputs, long[] outputs, long scratch) {
            FloatPointer y = Address.floats(outputs[0]);
            Pointer workspace = Address.of(scratch);
            if (ofBFloats) {
                ShortPointer x = Address.bfloats(inputs[0]);
                reduction = () -> Kernels.eider_sum_bf16(
                        keptRank, keptDims, keptStrides, reducedRank, reducedDims, reducedStrides, x, y, workspace);
            } else {
                FloatPointer x = Address.floats(inputs[0]);
                reduction = () -> call.of(
                        keptRank, keptDims, keptStrides, reducedRank, reducedDims, reducedStrides, x, y, workspace);
            }
        }

        @Override
        public void run() {
            done(reduction.getAsInt());
        }

        @Override
        public void close() {
            keptDims.close();
            keptStrides.close();
            reducedDims.close();
            reducedStrides.close();
        }
    }
}
