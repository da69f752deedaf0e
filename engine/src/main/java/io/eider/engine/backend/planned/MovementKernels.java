package io.eider.engine.backend.planned;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.primitive.Broadcast;
import io.eider.engine.op.primitive.Pad;
import io.eider.engine.op.primitive.Slice;
import io.eider.engine.op.primitive.Transpose;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/** The ops that only move numbers: each is one copy between two strided views of a box. */
public final class MovementKernels {
    private static final int HIGHEST_RANK = 8;

    /** Copies a box between two views, with extents and strides in elements. */
    @FunctionalInterface
    public interface Copy<P extends Pointer> {
        /** Runs; returns a status. */
        int of(int rank, LongPointer dims, LongPointer fromStrides, LongPointer toStrides, P from, P to);
    }

    /** Makes the kernel that sets every element of a tensor to a constant. */
    @FunctionalInterface
    public interface Filling {
        /** Prepares it. */
        Kernel.Prepared of(TensorType type, double value);
    }

    private interface Box {
        Views of(Node node);
    }

    private final String prefix;
    private final Filling filling;
    private final Map<DType, Function<Views, StridedCopy<?>>> copies = new EnumMap<>(DType.class);

    /** Creates those of f32, of i32 by their bits, and of bf16. */
    public MovementKernels(String prefix, Filling filling, Copy<FloatPointer> floats, Copy<ShortPointer> bfloats) {
        this.prefix = prefix;
        this.filling = filling;
        with(DType.F32, Address::floats, floats);
        with(DType.I32, Address::floats, floats);
        with(DType.BF16, Address::bfloats, bfloats);
    }

    /** Returns the kernels. */
    public List<Kernel> all() {
        return List.of(
                movement(Broadcast.class, MovementKernels::broadcast),
                movement(Slice.class, MovementKernels::slice),
                movement(Pad.class, MovementKernels::pad),
                movement(Transpose.class, MovementKernels::transpose));
    }

    private <P extends Pointer> void with(DType dtype, LongFunction<P> pointer, Copy<P> copy) {
        copies.put(dtype, views -> new StridedCopy<>(prefix, views, filling, pointer, copy));
    }

    private Kernel movement(Class<? extends Op> op, Box box) {
        Map<DType, Function<Node, Kernel.Prepared>> preparations = new EnumMap<>(DType.class);
        copies.forEach((dtype, copy) -> preparations.put(dtype, node -> copy.apply(box.of(node))));
        return new KernelByType(op, preparations, MovementKernels::isOfPossibleRank);
    }

    private static boolean isOfPossibleRank(Node node) {
        return node.type(0).shape().rank() <= HIGHEST_RANK
                && node.input(0).shape().rank() <= HIGHEST_RANK;
    }

    private static Views broadcast(Node node) {
        Shape to = node.type(0).shape();
        long[] from = ((Broadcast) node.op()).sourceStrides(node.input(0).shape());
        return new Views(node.type(0), to, from, 0, to.strides(), 0);
    }

    private static Views slice(Node node) {
        Slice op = (Slice) node.op();
        long[] strides = node.input(0).shape().strides();
        Shape part = node.type(0).shape();
        return new Views(node.type(0), part, times(strides, op.step()), dot(strides, op.start()), part.strides(), 0);
    }

    private static Views pad(Node node) {
        Pad op = (Pad) node.op();
        Shape whole = node.type(0).shape();
        long[] strides = whole.strides();
        Shape part = node.input(0).shape();
        return new Views(node.type(0), part, part.strides(), 0, times(strides, op.step()), dot(strides, op.start()));
    }

    private static Views transpose(Node node) {
        Shape to = node.type(0).shape();
        long[] strides = node.input(0).shape().strides();
        long[] from = ((Transpose) node.op())
                .order().stream().mapToLong(axis -> strides[axis]).toArray();
        return new Views(node.type(0), to, from, 0, to.strides(), 0);
    }

    private static long[] times(long[] strides, List<Integer> step) {
        long[] result = strides.clone();
        for (int axis = 0; axis < result.length; axis++) {
            result[axis] *= step.get(axis);
        }
        return result;
    }

    private static long dot(long[] strides, List<Integer> start) {
        long sum = 0;
        for (int axis = 0; axis < strides.length; axis++) {
            sum += strides[axis] * start.get(axis);
        }
        return sum;
    }

    /** What is copied where, for a result of a type. Offsets and strides count elements. */
    private static final class Views {
        private final TensorType result;
        private final Shape box;
        private final long[] fromStrides;
        private final long fromOffset;
        private final long[] toStrides;
        private final long toOffset;

        private Views(
                TensorType result, Shape box, long[] fromStrides, long fromOffset, long[] toStrides, long toOffset) {
            this.result = result;
            this.box = box;
            this.fromStrides = fromStrides;
            this.fromOffset = fromOffset;
            this.toStrides = toStrides;
            this.toOffset = toOffset;
        }

        private boolean isPart() {
            return box.size() < result.shape().size();
        }
    }

    /** A copy; what the box leaves out of the result becomes 0 before it. */
    private static final class StridedCopy<P extends Pointer> extends OwnKernel {
        private final LongFunction<P> pointer;
        private final Copy<P> copy;
        private final int rank;
        private final LongPointer dims;
        private final LongPointer fromStrides;
        private final LongPointer toStrides;
        private final long fromBytes;
        private final long toBytes;
        private final Kernel.Prepared zeros;
        private P from;
        private P to;

        private StridedCopy(String prefix, Views views, Filling filling, LongFunction<P> pointer, Copy<P> copy) {
            super((views.isPart() ? prefix + "_fill, " : "") + prefix + "_strided_copy");
            this.pointer = pointer;
            this.copy = copy;
            this.rank = views.box.rank();
            this.dims = Extents.of(views.box.dims());
            this.fromStrides = Extents.of(views.fromStrides);
            this.toStrides = Extents.of(views.toStrides);
            this.fromBytes = views.fromOffset * views.result.dtype().bytes();
            this.toBytes = views.toOffset * views.result.dtype().bytes();
            this.zeros = views.isPart() ? filling.of(views.result, 0) : NothingToDo.INSTANCE;
        }

        @Override
        public void bind(long[] inputs, long[] outputs, long workspace) {
            zeros.bind(inputs, outputs, workspace);
            from = pointer.apply(inputs[0] + fromBytes);
            to = pointer.apply(outputs[0] + toBytes);
        }

        @Override
        public void run() {
            zeros.run();
            done(copy.of(rank, dims, fromStrides, toStrides, from, to));
        }

        @Override
        public void close() {
            dims.close();
            fromStrides.close();
            toStrides.close();
        }
    }
}
