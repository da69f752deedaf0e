package io.eider.engine.backend.cpu;

import io.eider.engine.backend.planned.LossKernels;
import io.eider.natives.Kernels;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;

/** The losses of {@code abi.h}, which return their status. */
final class CpuLosses implements LossKernels.Calls {
    @Override
    public long value(
            int loss,
            float parameter,
            long n,
            long classes,
            FloatPointer z,
            IntPointer labels,
            FloatPointer margins,
            FloatPointer losses,
            LongPointer statusWord) {
        return Kernels.eider_loss_f32(loss, parameter, n, classes, z, labels, margins, losses);
    }

    @Override
    public long gradient(
            int loss,
            float parameter,
            long n,
            long classes,
            FloatPointer z,
            IntPointer labels,
            FloatPointer margins,
            FloatPointer cotangent,
            FloatPointer gz,
            LongPointer statusWord) {
        return Kernels.eider_loss_gradient_f32(loss, parameter, n, classes, z, labels, margins, cotangent, gz);
    }

    @Override
    public long tangent(
            int loss,
            float parameter,
            long n,
            long classes,
            FloatPointer z,
            IntPointer labels,
            FloatPointer margins,
            FloatPointer tz,
            FloatPointer tlosses,
            LongPointer statusWord) {
        return Kernels.eider_loss_tangent_f32(loss, parameter, n, classes, z, labels, margins, tz, tlosses);
    }

    @Override
    public long metaGradient(
            int loss,
            float parameter,
            long n,
            long classes,
            FloatPointer z,
            IntPointer labels,
            FloatPointer margins,
            FloatPointer tz,
            FloatPointer classWeights,
            FloatPointer step,
            FloatPointer tlosses,
            FloatPointer weights,
            FloatPointer gz,
            LongPointer statusWord) {
        return Kernels.eider_loss_meta_gradient_f32(
                loss, parameter, n, classes, z, labels, margins, tz, classWeights, step, tlosses, weights, gz);
    }
}
