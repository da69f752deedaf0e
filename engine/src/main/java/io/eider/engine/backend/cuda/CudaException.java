package io.eider.engine.backend.cuda;

import io.eider.engine.backend.DeviceFailedException;

/** A call of CUDA, cuDNN or cuBLAS that failed. */
public final class CudaException extends DeviceFailedException {
    private static final long serialVersionUID = 1;

    /** Creates one from the failed call and the library's own words. */
    CudaException(String call, String text) {
        super(call + " failed: " + text);
    }

    /** Creates one from another and what it was met at. */
    CudaException(String message, Throwable cause) {
        super(message, cause);
    }
}
