package io.eider.engine.backend;

import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import java.util.Set;

/**
 * How one backend runs one op. Kernels are found by op class, so an op and its kernels can live in a jar of their own.
 */
public interface Kernel {
    /** Returns the op that it runs. */
    Class<? extends Op> op();

    /** Returns the element types that it reads and writes; it is not asked about a node with any other. */
    default Set<DType> dtypes() {
        return Set.of(DType.F32, DType.I32);
    }

    /** Returns whether it can run this application of the op (types, extents, attributes). */
    default boolean supports(Node node) {
        return true;
    }

    /** Chooses an implementation and its scratch memory for one application of the op. */
    Prepared prepare(Node node);

    /** One application of an op, ready to be given memory. Addresses are of the device's memory. */
    interface Prepared extends AutoCloseable {
        /** Returns the implementation chosen, for tables and logs. */
        String implementation();

        /** Returns the bytes of scratch memory needed while it runs. */
        default long workspaceBytes() {
            return 0;
        }

        /** Returns whether an output may lie exactly where an input lies. */
        default boolean inPlace(int input, int output) {
            return false;
        }

        /**
         * Returns whether a run may throw {@link io.eider.engine.op.InvalidExampleException}. Variables keep their numbers
         * until all kernels that may throw have run.
         */
        default boolean mayStop() {
            return false;
        }

        /**
         * Sets where tensors lie; called before the first run and whenever memory moves.
         *
         * @param inputs one address an input
         * @param outputs one address an output
         * @param workspace address of {@link #workspaceBytes()} bytes, aligned to 64
         */
        void bind(long[] inputs, long[] outputs, long workspace);

        /**
         * Runs. Allocates nothing.
         *
         * <p>On a GPU it asks for its work in the device's stream ({@link io.eider.engine.backend.cuda.CudaStream}) and
         * returns. The second run of a program is recorded as a graph and only replayed from then on, so what a kernel does
         * on the host, or in another stream, happens no more, and addresses are those of the last {@link #bind}.
         *
         * @throws io.eider.engine.op.InvalidExampleException if a number in the batch cannot be computed with
         */
        void run();

        @Override
        default void close() {}
    }
}
