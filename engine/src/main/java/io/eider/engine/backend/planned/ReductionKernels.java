package io.eider.engine.backend.planned;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.op.primitive.Max;
import io.eider.engine.op.primitive.Sum;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/** Sum and maximum over axes. */
public final class ReductionKernels {
    private static final int HIGHEST_RANK = 8;

    /** Reduces x to y. Extents and strides are host memory. */
    @FunctionalInterface
    public interface Call<P extends Pointer> {
        /** Runs; returns a status. */
        int of(
                int keptRank,
                LongPointer keptDims,
                LongPointer keptStrides,
                int reducedRank,
                LongPointer reducedDims,
                LongPointer reducedStrides,
                P x,
                FloatPointer y,
                Pointer workspace);
    }

    /** Scratch memory of a reduction. */
    @FunctionalInterface
    public interface Workspace {
        /** Returns bytes; negative for impossible sizes. */
        long bytes(
                int keptRank,
                LongPointer keptDims,
                LongPointer keptStrides,
                int reducedRank,
                LongPointer reducedDims,
                LongPointer reducedStrides);
    }

    private final String prefix;
    private final Workspace workspace;

    /** Creates the makers of kernels whose names begin alike. */
    public ReductionKernels(String prefix, Workspace workspace) {
        this.prefix = prefix;
        this.workspace = workspace;
    }

    /** Returns the sum of f32 and of bf16, which is f32. */
    public Kernel sum(Call<FloatPointer> floats, Call<ShortPointer> bfloats) {
        return kernel(
                Sum.class,
                Map.of(
                        DType.F32, of("sum", Address::floats, floats, ReductionKernels::axesOfSum),
                        DType.BF16, of("sum", Address::bfloats, bfloats, ReductionKernels::axesOfSum)));
    }

    /** Returns the maximum of f32. */
    public Kernel max(Call<FloatPointer> floats) {
        return kernel(
                Max.class, Map.of(DType.F32, of("max", Address::floats, floats, node -> ((Max) node.op()).axes())));
    }

    private static List<Integer> axesOfSum(Node node) {
        return ((Sum) node.op()).axes();
    }

    private static Kernel kernel(Class<? extends Op> op, Map<DType, Function<Node, Kernel.Prepared>> preparations) {
        return new KernelByType(op, preparations, node -> node.input(0).shape().rank() <= HIGHEST_RANK);
    }

    private <P extends Pointer> Function<Node, Kernel.Prepared> of(
            String name, LongFunction<P> pointer, Call<P> call, Function<Node, List<Integer>> axes) {
        return node -> new Reduction<>(prefix + "_" + name, workspace, pointer, call, node, axes.apply(node));
    }

    private static final class Reduction<P extends Pointer> extends OwnKernel {
        private final LongFunction<P> pointer;
        private final Call<P> call;
        private final int keptRank;
        private final LongPointer keptDims;
        private final LongPointer keptStrides;
        private final int reducedRank;
        private final LongPointer reducedDims;
        private final LongPointer reducedStrides;
        private final long workspaceBytes;
        private P x;
        private FloatPointer y;
        private Pointer scratch;

        private Reduction(
                String name,
                Workspace workspace,
                LongFunction<P> pointer,
                Call<P> call,
                Node node,
                List<Integer> axes) {
            super(name);
            this.pointer = pointer;
            this.call = call;
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
            workspaceBytes = workspace.bytes(keptRank, keptDims, keptStrides, reducedRank, reducedDims, reducedStrides);
            if (workspaceBytes < 0) {
                throw new IllegalStateException(name + " refused the sizes of " + node);
            }
        }

        @Override
        public long workspaceBytes() {
            return workspaceBytes;
        }

        @Override
        public void bind(long[] inputs, long[] outputs, long workspace) {
            x = pointer.apply(inputs[0]);
            y = Address.floats(outputs[0]);
            scratch = Address.of(workspace);
        }

        @Override
        public void run() {
            done(call.of(keptRank, keptDims, keptStrides, reducedRank, reducedDims, reducedStrides, x, y, scratch));
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
