package io.eider.engine.backend.cuda;

import io.eider.engine.backend.planned.Cleanup;
import io.eider.engine.graph.Shape;
import org.bytedeco.cuda.cudnn.cudnnConvolutionStruct;
import org.bytedeco.cuda.cudnn.cudnnFilterStruct;
import org.bytedeco.cuda.cudnn.cudnnTensorStruct;
import org.bytedeco.cuda.global.cudnn;

/**
 * cuDNN's descriptions of one convolution: images x (N, H, W, I), filters w (O, R, S, I), results y (N, P, Q, O). Of its
 * older interface, see {@link Direction}.
 */
@SuppressWarnings("deprecation")
final class ConvolutionDescriptors implements AutoCloseable {
    final cudnnTensorStruct x = new cudnnTensorStruct();
    final cudnnFilterStruct w = new cudnnFilterStruct();
    final cudnnTensorStruct y = new cudnnTensorStruct();
    final cudnnConvolutionStruct convolution = new cudnnConvolutionStruct();
    private final Cleanup cleanup = new Cleanup();

    ConvolutionDescriptors(Shape x, Shape w, Shape y, int stride, int padding) {
        try {
            describe(this.x, x);
            describe(this.y, y);
            Check.cudnn("cudnnCreateFilterDescriptor", cudnn.cudnnCreateFilterDescriptor(this.w));
            cleanup.add(() -> Check.cudnn("cudnnDestroyFilterDescriptor", cudnn.cudnnDestroyFilterDescriptor(this.w)));
            Check.cudnn(
                    "cudnnSetFilter4dDescriptor of " + w,
                    cudnn.cudnnSetFilter4dDescriptor(
                            this.w,
                            cudnn.CUDNN_DATA_FLOAT,
                            cudnn.CUDNN_TENSOR_NHWC,
                            w.dim(0),
                            w.dim(3),
                            w.dim(1),
                            w.dim(2)));
            Check.cudnn("cudnnCreateConvolutionDescriptor", cudnn.cudnnCreateConvolutionDescriptor(convolution));
            cleanup.add(() -> Check.cudnn(
                    "cudnnDestroyConvolutionDescriptor", cudnn.cudnnDestroyConvolutionDescriptor(convolution)));
            Check.cudnn(
                    "cudnnSetConvolution2dDescriptor",
                    cudnn.cudnnSetConvolution2dDescriptor(
                            convolution,
                            padding,
                            padding,
                            stride,
                            stride,
                            1,
                            1,
                            cudnn.CUDNN_CROSS_CORRELATION,
                            cudnn.CUDNN_DATA_FLOAT));
            // By default cuDNN may round the factors of f32 to TF32.
            Check.cudnn(
                    "cudnnSetConvolutionMathType",
                    cudnn.cudnnSetConvolutionMathType(convolution, cudnn.CUDNN_FMA_MATH));
        } catch (RuntimeException | Error e) {
            cleanup.after(e);
            throw e;
        }
    }

    private void describe(cudnnTensorStruct descriptor, Shape images) {
        Check.cudnn("cudnnCreateTensorDescriptor", cudnn.cudnnCreateTensorDescriptor(descriptor));
        cleanup.add(() -> Check.cudnn("cudnnDestroyTensorDescriptor", cudnn.cudnnDestroyTensorDescriptor(descriptor)));
        Check.cudnn(
                "cudnnSetTensor4dDescriptor of " + images,
                cudnn.cudnnSetTensor4dDescriptor(
                        descriptor,
                        cudnn.CUDNN_TENSOR_NHWC,
                        cudnn.CUDNN_DATA_FLOAT,
                        images.dim(0),
                        images.dim(3),
                        images.dim(1),
                        images.dim(2)));
    }

    @Override
    public void close() {
        cleanup.close();
    }
}
