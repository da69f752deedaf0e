package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.planned.Address;
import io.eider.engine.backend.planned.Elementwise;
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

/** The ops that compute each element from the elements at its place. */
final class ElementwiseKernels {
    private ElementwiseKernels() {}

    static List<Kernel> all() {
        return List.of(
                Elementwise.unary(Negate.class, "eider_negate", Kernels::eider_negate_f32),
                Elementwise.unary(Exp.class, "eider_exp", Kernels::eider_exp_f32),
                Elementwise.unary(Log.class, "eider_log", Kernels::eider_log_f32),
                Elementwise.unary(Sqrt.class, "eider_sqrt", Kernels::eider_sqrt_f32),
                Elementwise.unary(Relu.class, "eider_relu", Kernels::eider_relu_f32),
                Elementwise.unary(Positive.class, "eider_positive", Kernels::eider_positive_f32),
                Elementwise.binary(Add.class, "eider_add", Kernels::eider_add_f32, Kernels::eider_add_bf16),
                Elementwise.binary(Subtract.class, "eider_subtract", Kernels::eider_subtract_f32),
                Elementwise.binary(Multiply.class, "eider_multiply", Kernels::eider_multiply_f32),
                Elementwise.binary(Divide.class, "eider_divide", Kernels::eider_divide_f32),
                Elementwise.binary(Equal.class, "eider_equal", Kernels::eider_equal_f32));
    }

    /** Returns the sum of two tensors of that many f32. */
    static Kernel.Prepared add(long n) {
        return Elementwise.binary("eider_add", Address::floats, Kernels::eider_add_f32, n);
    }
}
