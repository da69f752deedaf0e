package io.eider.engine.backend.planned;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.op.primitive.Augment;
import java.util.Set;
import java.util.function.Function;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;

/**
 * Images from bytes. A bad draw stops the run with its image's index.
 *
 * @param name the native function's, without the element type
 * @param call the native function
 * @param tables puts the numbers that bytes become into the device's memory
 */
public record AugmentKernel(String name, Call call, Function<float[], Table> tables) implements Kernel {
    /** The native function of one backend, with the arguments of {@code abi.h}. */
    @FunctionalInterface
    public interface Call {
        /** Runs; returns a status or leaves one. */
        long of(
                long n,
                int height,
                int width,
                int channels,
                int pad,
                BytePointer pixels,
                IntPointer draws,
                FloatPointer table,
                FloatPointer out,
                LongPointer statusWord);
    }

    /** Numbers in the device's memory. */
    public interface Table extends AutoCloseable {
        /** Returns where they lie, and lie from now on. */
        FloatPointer filled();

        @Override
        void close();
    }

    @Override
    public Class<? extends Op> op() {
        return Augment.class;
    }

    @Override
    public Set<DType> dtypes() {
        return Set.of(DType.U8, DType.I32, DType.F32);
    }

    @Override
    public Prepared prepare(Node node) {
        return new PreparedAugment(this, (Augment) node.op(), node.type(0).shape());
    }

    private static final class PreparedAugment extends ExampleKernel {
        private final Call call;
        private final Shape shape;
        private final int pad;
        private final Table table;
        private FloatPointer values;
        private BytePointer pixels;
        private IntPointer draws;
        private FloatPointer out;

        private PreparedAugment(AugmentKernel kernel, Augment op, Shape shape) {
            super(kernel.name(), op.name(), op.badDraw());
            this.call = kernel.call();
            this.shape = shape;
            this.pad = op.pad();
            this.table = kernel.tables().apply(op.table());
        }

        @Override
        public void bind(long[] inputs, long[] outputs, long workspace) {
            values = table.filled();
            pixels = Address.bytes(inputs[0]);
            draws = Address.ints(inputs[1]);
            out = Address.floats(outputs[0]);
        }

        @Override
        protected long call(LongPointer statusWord) {
            return call.of(
                    shape.dim(0),
                    shape.dim(1),
                    shape.dim(2),
                    shape.dim(3),
                    pad,
                    pixels,
                    draws,
                    values,
                    out,
                    statusWord);
        }

        @Override
        public void close() {
            table.close();
        }
    }
}
