package io.eider.engine.backend.planned;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;

/** The ops that compute each element from the elements at its place; all of them can run in place. */
public final class Elementwise {
    /** Computes y of x, n elements. */
    @FunctionalInterface
    public interface UnaryCall {
        /** Runs; returns a status. */
        int of(long n, FloatPointer x, FloatPointer y);
    }

    /** Computes y of a and b, n elements each. */
    @FunctionalInterface
    public interface BinaryCall<P extends Pointer> {
        /** Runs; returns a status. */
        int of(long n, P a, P b, P y);
    }

    private Elementwise() {}

    /** Returns the kernel of an op of one input, in f32. */
    public static Kernel unary(Class<? extends Op> op, String name, UnaryCall call) {
        return new KernelByType(op, node -> {
            long n = size(node);
            return new OneCall(name, true, (inputs, outputs) -> {
                FloatPointer x = Address.floats(inputs[0]);
                FloatPointer y = Address.floats(outputs[0]);
                return () -> call.of(n, x, y);
            });
        });
    }

    /** Returns the kernel of an op of two inputs, in f32. */
    public static Kernel binary(Class<? extends Op> op, String name, BinaryCall<FloatPointer> floats) {
        return new KernelByType(op, of(name, Address::floats, floats));
    }

    /** Returns the kernel of an op of two inputs, in f32 and in bf16. */
    public static Kernel binary(
            Class<? extends Op> op, String name, BinaryCall<FloatPointer> floats, BinaryCall<ShortPointer> bfloats) {
        return new KernelByType(
                op,
                Map.of(
                        DType.F32, of(name, Address::floats, floats),
                        DType.BF16, of(name, Address::bfloats, bfloats)));
    }

    /** Returns an op of two inputs of n elements. */
    public static <P extends Pointer> Kernel.Prepared binary(
            String name, LongFunction<P> pointer, BinaryCall<P> call, long n) {
        return new OneCall(name, true, (inputs, outputs) -> {
            P a = pointer.apply(inputs[0]);
            P b = pointer.apply(inputs[1]);
            P y = pointer.apply(outputs[0]);
            return () -> call.of(n, a, b, y);
        });
    }

    private static <P extends Pointer> Function<Node, Kernel.Prepared> of(
            String name, LongFunction<P> pointer, BinaryCall<P> call) {
        return node -> binary(name, pointer, call, size(node));
    }

    private static long size(Node node) {
        return node.type(0).shape().size();
    }
}
