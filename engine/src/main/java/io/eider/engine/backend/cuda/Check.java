package io.eider.engine.backend.cuda;

import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.cudnn;
import org.bytedeco.javacpp.BytePointer;

/** What the status codes of CUDA's libraries mean. */
final class Check {
    private static final int TEXT_BYTES = 1024;

    private Check() {}

    /**
     * Checks what a function of the CUDA runtime returned.
     *
     * @throws CudaException if not success
     */
    static void cuda(String call, int error) {
        if (error != cudart.cudaSuccess) {
            forget();
            throw new CudaException(call, cudaText(error));
        }
    }

    /** The runtime remembers an error until asked, and a kernel that is launched next would be blamed for it. */
    static void forget() {
        cudart.cudaGetLastError();
    }

    /** Returns CUDA's words for an error. */
    static String cudaText(int error) {
        return text(cudart.cudaGetErrorString(error)) + " (" + text(cudart.cudaGetErrorName(error)) + ", " + error
                + ")";
    }

    /**
     * Checks what a function of cuDNN returned.
     *
     * @throws CudaException if not success
     */
    static void cudnn(String call, int status) {
        if (status != cudnn.CUDNN_STATUS_SUCCESS) {
            try (BytePointer last = new BytePointer(TEXT_BYTES)) {
                cudnn.cudnnGetLastErrorString(last, TEXT_BYTES);
                throw new CudaException(
                        call,
                        text(cudnn.cudnnGetErrorString(status)) + " (" + status + ") "
                                + text(last).strip());
            }
        }
    }

    /**
     * Checks what a function of cuBLAS returned.
     *
     * @throws CudaException if not success
     */
    static void cublas(String call, int status) {
        if (status != cublas.CUBLAS_STATUS_SUCCESS) {
            throw new CudaException(call, text(cublas.cublasGetStatusString(status)) + " (" + status + ")");
        }
    }

    private static String text(BytePointer pointer) {
        return pointer == null ? "no text" : pointer.getString();
    }
}
