package io.eider.engine.backend.cuda;

import io.eider.engine.backend.DeviceMemoryException;
import io.eider.engine.backend.DeviceUnavailableException;
import java.util.function.Supplier;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.cudnn;
import org.bytedeco.javacpp.BytePointer;

/** What the status codes of CUDA's libraries mean. */
final class Check {
    private static final int TEXT_BYTES = 1024;

    /** cuDNN numbers kinds of failure in thousands, and what exactly it was within them. */
    private static final int CUDNN_FAMILY = 1000;

    private Check() {}

    /**
     * Checks what a function of the CUDA runtime returned.
     *
     * @throws DeviceMemoryException if there was no memory for what it does
     * @throws CudaException if it failed otherwise
     */
    static void cuda(String call, int error) {
        if (error != cudart.cudaSuccess) {
            forget();
            throw failure(error == cudart.cudaErrorMemoryAllocation, call, cudaText(error));
        }
    }

    private static RuntimeException failure(boolean outOfMemory, String call, String text) {
        return outOfMemory
                ? new DeviceMemoryException(call + " needs more memory than the GPU has left: " + text
                        + "; use a smaller batch, or end what else uses the GPU")
                : new CudaException(call, text);
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
     * @throws DeviceMemoryException if there was no memory for what it does
     * @throws DeviceUnavailableException if this GPU or this version cannot do it
     * @throws CudaException if it failed otherwise
     */
    static void cudnn(String call, int status) {
        if (status != cudnn.CUDNN_STATUS_SUCCESS) {
            try (BytePointer last = new BytePointer(TEXT_BYTES)) {
                cudnn.cudnnGetLastErrorString(last, TEXT_BYTES);
                // Otherwise the whole of it would be taken for text.
                last.limit(BytePointer.strlen(last));
                String text = text(cudnn.cudnnGetErrorString(status)) + " (" + status + ") "
                        + text(last).strip();
                if (isUnsupported(status)) {
                    throw new DeviceUnavailableException(call + " is not to be had: " + text);
                }
                throw failure(
                        status == cudnn.CUDNN_STATUS_ALLOC_FAILED
                                || status == cudnn.CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED,
                        call,
                        text);
            }
        }
    }

    /** Returns whether a status of cuDNN is one of those that begin with CUDNN_STATUS_NOT_SUPPORTED. */
    static boolean isUnsupported(int status) {
        return status / CUDNN_FAMILY == cudnn.CUDNN_STATUS_NOT_SUPPORTED / CUDNN_FAMILY;
    }

    /**
     * Checks what a function of cuBLAS returned.
     *
     * @throws DeviceMemoryException if there was no memory for what it does
     * @throws CudaException if it failed otherwise
     */
    static void cublas(String call, int status) {
        if (status != cublas.CUBLAS_STATUS_SUCCESS) {
            throw failure(
                    status == cublas.CUBLAS_STATUS_ALLOC_FAILED,
                    call,
                    text(cublas.cublasGetStatusString(status)) + " (" + status + ")");
        }
    }

    /**
     * Checks what a launch of a kernel returned.
     *
     * @param text CUDA's words for it
     * @throws DeviceMemoryException if there was no memory for the kernel's code
     * @throws CudaException if it failed otherwise
     */
    static void launch(String kernel, int error, Supplier<String> text) {
        if (error != cudart.cudaSuccess) {
            throw failure(error == cudart.cudaErrorMemoryAllocation, kernel, text.get() + " (" + error + ")");
        }
    }

    private static String text(BytePointer pointer) {
        return pointer == null ? "no text" : pointer.getString();
    }
}
