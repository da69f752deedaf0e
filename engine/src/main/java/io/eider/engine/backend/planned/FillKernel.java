package io.eider.engine.backend.planned;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.primitive.Fill;
import java.util.Set;
import java.util.function.LongFunction;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/**
 * {@link Fill} of tensors too large to be kept from run to run.
 *
 * @param name the native functions', without the element type
 * @param floats fills f32
 * @param bfloats fills bf16
 */
public record FillKernel(String name, Call<FloatPointer> floats, Call<ShortPointer> bfloats) implements Kernel {
    /** Sets n elements of y to a value. */
    @FunctionalInterface
    public interface Call<P extends Pointer> {
        /** Runs; returns a status. */
        int of(long n, float value, P y);
    }

    @Override
    public Class<? extends Op> op() {
        return Fill.class;
    }

    @Override
    public Set<DType> dtypes() {
        return Set.of(DType.F32, DType.BF16, DType.I32);
    }

    @Override
    public Prepared prepare(Node node) {
        Fill fill = (Fill) node.op();
        return filled(fill.type(), fill.value());
    }

    /** Returns what sets every element of the output to a constant. */
    public Prepared filled(TensorType type, double value) {
        long size = type.shape().size();
        if (type.dtype() == DType.BF16) {
            return filled(size, (float) value, Address::bfloats, bfloats);
        }
        // An integer is the float of the same bits.
        float bits = type.dtype() == DType.I32 ? Float.intBitsToFloat((int) value) : (float) value;
        return filled(size, bits, Address::floats, floats);
    }

    private <P extends Pointer> Prepared filled(long n, float value, LongFunction<P> pointer, Call<P> call) {
        return new OneCall(name, false, (inputs, outputs) -> {
            P y = pointer.apply(outputs[0]);
            return () -> call.of(n, value, y);
        });
    }
}
