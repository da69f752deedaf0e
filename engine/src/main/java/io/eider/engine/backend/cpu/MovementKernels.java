package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.op.primitive.Broadcast;
import io.eider.engine.op.primitive.Pad;
import io.eider.engine.op.primitive.Slice;
import io.eider.engine.op.primitive.Transpose;
import io.eider.natives.Kernels;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;

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
        return new StridedCopy(to, from, 0, to.strides(), 0, 0);
    }

    private static StridedCopy slice(Node node) {
        Slice op = (Slice) node.op();
        long[] strides = node.input(0).shape().strides();
        Shape part = node.type(0).shape();
        return new StridedCopy(part, times(strides, op.step()), dot(strides, op.start()), part.strides(), 0, 0);
    }

    private static StridedCopy pad(Node node) {
        Pad op = (Pad) node.op();
        Shape whole = node.type(0).shape();
        long[] strides = whole.strides();
        Shape part = node.input(0).shape();
        return new StridedCopy(
                part, part.strides(), 0, times(strides, op.step()), dot(strides, op.start()), whole.size());
    }

    private static StridedCopy transpose(Node node) {
        Shape to = node.type(0).shape();
        long[] strides = node.input(0).shape().strides();
        long[] from = ((Transpose) node.op())
                .order().stream().mapToLong(axis -> strides[axis]).toArray();
        return new StridedCopy(to, from, 0, to.strides(), 0, 0);
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

    /** Offsets and strides count elements; before the copy, {@code zeros} elements of the result become 0. */
    private static final class StridedCopy extends OwnKernel {
        private final int rank;
        private final LongPointer dims;
        private final LongPointer fromStrides;
        private final LongPointer toStrides;
        private final long fromOffset;
        private final long toOffset;
        private final long zeros;
        private FloatPointer from;
        private FloatPointer to;
        private FloatPointer whole;

        private StridedCopy(
                Shape box, long[] fromStrides, long fromOffset, long[] toStrides, long toOffset, long zeros) {
            super(zeros > 0 ? "eider_fill, eider_strided_copy" : "eider_strided_copy");
            this.rank = box.rank();
            this.dims = Extents.of(box.dims());
            this.fromStrides = Extents.of(fromStrides);
            this.toStrides = Extents.of(toStrides);
            this.fromOffset = fromOffset;
            this.toOffset = toOffset;
            this.zeros = zeros;
        }

        @Override
        public void bind(long[] inputs, long[] outputs, long workspace) {
            from = Address.floats(inputs[0] + Float.BYTES * fromOffset);
            to = Address.floats(outputs[0] + Float.BYTES * toOffset);
            whole = Address.floats(outputs[0]);
        }

        @Override
        public void run() {
            if (zeros > 0) {
                done(Kernels.eider_fill_f32(zeros, 0, whole));
            }
            done(Kernels.eider_strided_copy_f32(rank, dims, fromStrides, toStrides, from, to));
        }

        @Override
        public void close() {
            dims.close();
            fromStrides.close();
            toStrides.close();
        }
    }
}
