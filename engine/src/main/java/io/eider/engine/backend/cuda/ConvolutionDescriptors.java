package io.eider.engine.backend.cuda;

import io.eider.engine.backend.planned.Cleanup;
import io.eider.engine.graph.Shape;
import org.bytedeco.cuda.cudnn.cudnnConvolutionStruct;
import org.bytedeco.cuda.cudnn.cudnnFilterStruct;
import org.bytedeco.cuda.cudnn.cudnnTensorStruct;
import org.bytedeco.cuda.global.cudnn;

/** cuDNN's descriptions of one convolution. Of its older interface, see {@link Direction}. */
@SuppressWarnings("deprecation")
final class ConvolutionDescriptors implements AutoCloseable {
    final cudnnTensorStruct x = new cudnnTensorStruct();
    final cudnnFilterStruct w = new cudnnFilterStruct();
    final cudnnTensorStruct y = new cudnnTensorStruct();
    final cudnnConvolutionStruct convolution = new cudnnConvolutionStruct();
    private final ConvolutionShape shape;
    private final Cleanup cleanup = new Cleanup();

    ConvolutionDescriptors(ConvolutionShape shape) {
        this.shape = shape;
        Shape filters = shape.w();
        try {
            describe(x, shape.x());
            describe(y, shape.y());
            Check.cudnn("cudnnCreateFilterDescriptor", cudnn.cudnnCreateFilterDescriptor(w));
            cleanup.add(() -> Check.cudnn("cudnnDestroyFilterDescriptor", cudnn.cudnnDestroyFilterDescriptor(w)));
            Check.cudnn(
                    "cudnnSetFilter4dDescriptor of " + filters,
                    cudnn.cudnnSetFilter4dDescriptor(
                            w,
                            shape.factors().dataType(),
                            cudnn.CUDNN_TENSOR_NHWC,
                            filters.dim(0),
                            filters.dim(3),
                            filters.dim(1),
                            filters.dim(2)));
            Check.cudnn("cudnnCreateConvolutionDescriptor", cudnn.cudnnCreateConvolutionDescriptor(convolution));
            cleanup.add(() -> Check.cudnn(
                    "cudnnDestroyConvolutionDescriptor", cudnn.cudnnDestroyConvolutionDescriptor(convolution)));
            Check.cudnn(
                    "cudnnSetConvolution2dDescriptor",
                    cudnn.cudnnSetConvolution2dDescriptor(
                            convolution,
                            shape.padding(),
                            shape.padding(),
                            shape.stride(),
                            shape.stride(),
                            1,
                            1,
                            cudnn.CUDNN_CROSS_CORRELATION,
                            cudnn.CUDNN_DATA_FLOAT));
            use(shape.factors().mathType());
        } catch (RuntimeException | Error e) {
            cleanup.after(e);
            throw e;
        }
    }

    /** Returns what is described. */
    ConvolutionShape shape() {
        return shape;
    }

    /** Says which arithmetic is allowed; an algorithm was proposed for one, and may refuse another. */
    void use(int mathType) {
        Check.cudnn("cudnnSetConvolutionMathType", cudnn.cudnnSetConvolutionMathType(convolution, mathType));
    }

    private void describe(cudnnTensorStruct descriptor, Shape images) {
        Check.cudnn("cudnnCreateTensorDescriptor", cudnn.cudnnCreateTensorDescriptor(descriptor));
        cleanup.add(() -> Check.cudnn("cudnnDestroyTensorDescriptor", cudnn.cudnnDestroyTensorDescriptor(descriptor)));
        Check.cudnn(
                "cudnnSetTensor4dDescriptor of " + images,
                cudnn.cudnnSetTensor4dDescriptor(
                        descriptor,
                        cudnn.CUDNN_TENSOR_NHWC,
                        shape.factors().dataType(),
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
