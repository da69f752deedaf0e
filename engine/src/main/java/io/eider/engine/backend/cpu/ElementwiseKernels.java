package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.op.primitive.Add;
import io.eider.engine.op.primitive.Divide;
import io.eider.engine.op.primitive.Equal;
import io.eider.engine.op.primitive.Exp;
import io.eider.engine.op.primitive.Log;
import io.eider.engine.op.primitive.Multiply;
import io.eider.engine.op.primitive.Negate;
import io.eider.engine.op.primitive.Positive;
import io.eider.engine.op.primitive.Relu;
import io.eider.engine.op.primitive.Sqrt;
import io.eider.engine.op.primitive.Subtract;
import io.eider.natives.Kernels;
import java.util.List;
import java.util.Set;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.ShortPointer;

/** The ops that compute each element from the elements at its place; all of them can run in place. */
final class ElementwiseKernels {
    private interface UnaryCall {
        int of(long n, FloatPointer x, FloatPointer y);
    }

    private interface BinaryCall {
        int of(long n, FloatPointer a, FloatPointer b, FloatPointer y);
    }

    private interface BFloatCall {
        int of(long n, ShortPointer a, ShortPointer b, ShortPointer y);
    }

    private ElementwiseKernels() {}

    static List<Kernel> all() {
        return List.of(
                new Unary(Negate.class, "eider_negate", Kernels::eider_negate_f32),
                new Unary(Exp.class, "eider_exp", Kernels::eider_exp_f32),
                new Unary(Log.class, "eider_log", Kernels::eider_log_f32),
                new Unary(Sqrt.class, "eider_sqrt", Kernels::eider_sqrt_f32),
                new Unary(Relu.class, "eider_relu", Kernels::eider_relu_f32),
                new Unary(Positive.class, "eider_positive", Kernels::eider_positive_f32),
                new BFloatBinary(Add.class, "eider_add", Kernels::eider_add_f32, Kernels::eider_add_bf16),
                new Binary(Subtract.class, "eider_subtract", Kernels::eider_subtract_f32),
                new Binary(Multiply.class, "eider_multiply", Kernels::eider_multiply_f32),
                new Binary(Divide.class, "eider_divide", Kernels::eider_divide_f32),
                new Binary(Equal.class, "eider_equal", Kernels::eider_equal_f32));
    }

    /** Returns the sum of two tensors of that many f32. */
    static Kernel.Prepared add(long n) {
        return binary("eider_add", Kernels::eider_add_f32, n);
    }

    private record Unary(Class<? extends Op> op, String name, UnaryCall call) implements Kernel {
        @Override
        public Prepared prepare(Node node) {
            return unary(name, call, node.type(0).shape().size());
        }
    }

    private record Binary(Class<? extends Op> op, String name, BinaryCall call) implements Kernel {
        @Override
        public Prepared prepare(Node node) {
            return binary(name, call, node.type(0).shape().size());
        }
    }

    private record BFloatBinary(Class<? extends Op> op, String name, BinaryCall call, BFloatCall bfloatCall)
            implements Kernel {
        @Override
        public Set<DType> dtypes() {
            return Set.of(DType.F32, DType.BF16);
        }

        @Override
        public Prepared prepare(Node node) {
            long n = node.type(0).shape().size();
            return node.type(0).dtype() == DType.BF16 ? bfloatBinary(name, bfloatCall, n) : binary(name, call, n);
        }
    }

    private static Kernel.Prepared unary(String name, UnaryCall call, long n) {
        return new OneCall(name, true, (inputs, outputs) -> {
            FloatPointer x = Address.floats(inputs[0]);
            FloatPointer y = Address.floats(outputs[0]);
            return () -> call.of(n, x, y);
        });
    }

    private static Kernel.Prepared binary(String name, BinaryCall call, long n) {
        return new OneCall(name, true, (inputs, outputs) -> {
            FloatPointer a = Address.floats(inputs[0]);
            FloatPointer b = Address.floats(inputs[1]);
            FloatPointer y = Address.floats(outputs[0]);
            return () -> call.of(n, a, b, y);
        });
    }

    private static Kernel.Prepared bfloatBinary(String name, BFloatCall call, long n) {
        return new OneCall(name, true, (inputs, outputs) -> {
            ShortPointer a = Address.bfloats(inputs[0]);
            ShortPointer b = Address.bfloats(inputs[1]);
            ShortPointer y = Address.bfloats(outputs[0]);
            return () -> call.of(n, a, b, y);
        });
    }
}
