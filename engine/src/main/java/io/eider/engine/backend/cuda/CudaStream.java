package io.eider.engine.backend.cuda;

import org.bytedeco.cuda.cudart.CUstream_st;

/**
 * The stream of a GPU: what a {@link io.eider.engine.backend.KernelProvider} of the backend {@code cuda} may cast its device
 * to. A program's work is done in it in order; work that is asked for elsewhere is neither waited for nor recorded.
 */
public interface CudaStream {
    /** Returns the stream, which the device keeps; to C++ it is a {@code cudaStream_t}. */
    CUstream_st stream();
}
