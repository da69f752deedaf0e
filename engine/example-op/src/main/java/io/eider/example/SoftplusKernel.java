package io.eider.example;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** Runs {@link Softplus} on the CPU: a loop in Java over the memory that a program gives. */
final class SoftplusKernel implements Kernel {
    @Override
    public Class<? extends Op> op() {
        return Softplus.class;
    }

    @Override
    public boolean supports(Node node) {
        // A Java buffer ends at 2 GB.
        return node.type(0).dtype() == DType.F32 && node.type(0).bytes() <= Integer.MAX_VALUE;
    }

    @Override
    public Prepared prepare(Node node) {
        return new Loop((int) node.type(0).shape().size());
    }

    private static final class Loop implements Prepared {
        private final int size;
        private FloatBuffer x;
        private FloatBuffer y;

        Loop(int size) {
            this.size = size;
        }

        @Override
        public String implementation() {
            return "softplus in Java";
        }

        @Override
        public boolean inPlace(int input, int output) {
            return true;
        }

        @Override
        public void bind(long[] inputs, long[] outputs, long workspace) {
            x = floats(inputs[0]);
            y = floats(outputs[0]);
        }

        @Override
        public void run() {
            for (int i = 0; i < size; i++) {
                double z = x.get(i);
                y.put(i, (float) (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))));
            }
        }

        private FloatBuffer floats(long address) {
            return new FloatPointer(new Memory(address)).capacity(size).asBuffer();
        }
    }

    /** An address of memory that belongs to the program. */
    private static final class Memory extends Pointer {
        Memory(long to) {
            super((Pointer) null);
            address = to;
        }
    }
}
