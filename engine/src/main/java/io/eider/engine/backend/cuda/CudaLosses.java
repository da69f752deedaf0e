package io.eider.engine.backend.cuda;

import io.eider.engine.backend.planned.LossKernels;
import io.eider.natives.CudaKernels;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;

/** The losses of {@code cuda_abi.h}, which leave their status in a word. */
record CudaLosses(CUstream_st stream) implements LossKernels.Calls {
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
        return Launch.check(
                "eider_cuda_loss",
                CudaKernels.eider_cuda_loss_f32(
                        loss, parameter, n, classes, z, labels, margins, losses, statusWord, stream));
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
        return Launch.check(
                "eider_cuda_loss_gradient",
                CudaKernels.eider_cuda_loss_gradient_f32(
                        loss, parameter, n, classes, z, labels, margins, cotangent, gz, statusWord, stream));
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
        return Launch.check(
                "eider_cuda_loss_tangent",
                CudaKernels.eider_cuda_loss_tangent_f32(
                        loss, parameter, n, classes, z, labels, margins, tz, tlosses, statusWord, stream));
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
        return Launch.check(
                "eider_cuda_loss_meta_gradient",
                CudaKernels.eider_cuda_loss_meta_gradient_f32(
                        loss,
                        parameter,
                        n,
                        classes,
                        z,
                        labels,
                        margins,
                        tz,
                        classWeights,
                        step,
                        tlosses,
                        weights,
                        gz,
                        statusWord,
                        stream));
    }
}
