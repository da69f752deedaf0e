package io.eider.engine.backend.planned;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.op.primitive.Cast;
import java.util.Set;
import java.util.function.LongFunction;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/**
 * Casts between f32 and bf16.
 *
 * @param name the native functions', without the element types
 * @param narrowing f32 to bf16
 * @param widening bf16 to f32
 */
public record CastKernel(
        String name, Call<FloatPointer, ShortPointer> narrowing, Call<ShortPointer, FloatPointer> widening)
        implements Kernel {
    /** Casts n elements from x to y. */
    @FunctionalInterface
    public interface Call<X extends Pointer, Y extends Pointer> {
        /** Runs; returns a status. */
        int of(long n, X x, Y y);
    }

    @Override
    public Class<? extends Op> op() {
        return Cast.class;
    }

    @Override
    public Set<DType> dtypes() {
        return Set.of(DType.F32, DType.BF16);
    }

    @Override
    public boolean supports(Node node) {
        return node.input(0).dtype() != node.type(0).dtype();
    }

    @Override
    public Prepared prepare(Node node) {
        return cast(node.type(0).shape().size(), ((Cast) node.op()).dtype());
    }

    /** Returns the cast of that many numbers to bf16 from f32 or the other way. */
    public Prepared cast(long n, DType to) {
        return to == DType.BF16
                ? cast(n, Address::floats, narrowing, Address::bfloats)
                : cast(n, Address::bfloats, widening, Address::floats);
    }

    private <X extends Pointer, Y extends Pointer> Prepared cast(
            long n, LongFunction<X> from, Call<X, Y> call, LongFunction<Y> to) {
        return new OneCall(name, false, (inputs, outputs) -> {
            X x = from.apply(inputs[0]);
            Y y = to.apply(outputs[0]);
            return () -> call.of(n, x, y);
        });
    }
}
