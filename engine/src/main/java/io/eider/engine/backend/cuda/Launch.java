package io.eider.engine.backend.cuda;

import io.eider.natives.CudaKernels;

/** What the functions of {@code cuda_abi.h} return. */
final class Launch {
    private Launch() {}

    /**
     * Checks that a kernel was launched.
     *
     * @return 0
     * @throws CudaException if not
     */
    static int check(String kernel, int error) {
        if (error != 0) {
            throw new CudaException(
                    kernel, CudaKernels.eider_cuda_error_text(error).getString() + " (" + error + ")");
        }
        return error;
    }
}
