package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.op.primitive.Broadcast;
import io.eider.engine.op.primitive.Pad;
import io.eider.engine.op.primitive.Slice;
import io.eider.engine.op.primitive.Transpose;
import io.eider.natives.Kernels;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.ShortPointer;

/** The ops that only move numbers: each is one copy between two strided views of a box. */
final class MovementKernels {
    private static final int HIGHEST_RANK = 8;

    private interface Views {
        StridedCopy of(Node node);
    }

    private MovementKernels() {}

    static List<Kernel> all() {
        return List.of(
                new Movement(Broadcast.class, MovementKernels::broadcast),
                new Movement(Slice.class, MovementKernels::slice),
                new Movement(Pad.class, MovementKernels::pad),
                new Movement(Transpose.class, MovementKernels::transpose));
    }

    private record Movement(Class<? extends Op> op, Views views) implements Kernel {
        @Override
        public Set<DType> dtypes() {
            return CpuDevice.DTYPES;
        }

        @Override
        public boolean supports(Node node) {
            return node.type(0).shape().rank() <= HIGHEST_RANK
                    && node.input(0).shape().rank() <= HIGHEST_RANK;
        }

        @Override
        public Prepared prepare(Node node) {
            return views.of(node);
        }
    }

    private static StridedCopy broadcast(Node node) {
        Shape to = node.type(0).shape();
        long[] from = ((Broadcast) node.op()).sourceStrides(node.input(0).shape());
        return new StridedCopy(node, to, from, 0, to.strides(), 0);
    }

    private static StridedCopy slice(Node node) {
        Slice op = (Slice) node.op();
        long[] strides = node.input(0).shape().strides();
        Shape part = node.type(0).shape();
        return new StridedCopy(node, part, times(strides, op.step()), dot(strides, op.start()), part.strides(), 0);
    }

    private static StridedCopy pad(Node node) {
        Pad op = (Pad) node.op();
        Shape whole = node.type(0).shape();
        long[] strides = whole.strides();
        Shape part = node.input(0).shape();
        return new StridedCopy(node, part, part.strides(), 0, times(strides, op.step()), dot(strides, op.start()));
    }

    private static StridedCopy transpose(Node node) {
        Shape to = node.type(0).shape();
        long[] strides = node.input(0).shape().strides();
        long[] from = ((Transpose) node.op())
                .order().stream().mapToLong(axis -> strides[axis]).toArray();
        return new StridedCopy(node, to, from, 0, to.strides(), 0);
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

    /** Offsets and strides count elements. What the box leaves out of the result becomes 0 before the copy. */
    private static final class StridedCopy extends OwnKernel {
        private final DType dtype;
        private final int rank;
        private final LongPointer dims;
        private final LongPointer fromStrides;
        private final LongPointer toStrides;
        private final long fromOffset;
        private final long toOffset;
        private final Kernel.Prepared zeros;
        private IntSupplier copy;

        private StridedCopy(
                Node node, Shape box, long[] fromStrides, long fromOffset, long[] toStrides, long toOffset) {
            super(isPart(box, node) ? "eider_fill, eider_strided_copy" : "eider_strided_copy");
            this.dtype = node.type(0).dtype();
            this.rank = box.rank();
            this.dims = Extents.of(box.dims());
            this.fromStrides = Extents.of(fromStrides);
            this.toStrides = Extents.of(toStrides);
            this.fromOffset = fromOffset;
            this.toOffset = toOffset;
            this.zeros = isPart(box, node) ? FillKernel.filled(node.type(0), 0) : NothingToDo.INSTANCE;
        }

        private static boolean isPart(Shape box, Node node) {
            return box.size() < node.type(0).shape().size();
        }

        @Override
        public void bind(long[] inputs, long[] outputs, long workspace) {
            zeros.bind(inputs, outputs, workspace);
            long source = inputs[0] + dtype.bytes() * fromOffset;
            long target = outputs[0] + dtype.bytes() * toOffset;
            if (dtype == DType.BF16) {
                ShortPointer from = Address.bfloats(source);
                ShortPointer to = Address.bfloats(target);
                copy = () -> Kernels.eider_strided_copy_bf16(rank, dims, fromStrides, toStrides, from, to);
            } else {
                FloatPointer from = Address.floats(source);
                FloatPointer to = Address.floats(target);
                copy = () -> Kernels.eider_strided_copy_f32(rank, dims, fromStrides, toStrides, from, to);
            }
        }

        @Override
        public void run() {
            zeros.run();
            done(copy.getAsInt());
        }

        @Override
        public void close() {
            dims.close();
            fromStrides.close();
            toStrides.close();
        }
    }
}
