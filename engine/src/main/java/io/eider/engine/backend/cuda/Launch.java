package io.eider.engine.backend.cuda;

import io.eider.natives.CudaKernels;

/** What the functions of {@code cuda_abi.h} return. */
final class Launch {
    private Launch() {}

    /**
     * Checks that a kernel was launched.
     *
     * @return 0
     * @throws io.eider.engine.backend.DeviceMemoryException if there was no memory for the kernel's code
     * @throws CudaException if it failed otherwise
     */
    static int check(String kernel, int error) {
        Check.launch(
                kernel, error, () -> CudaKernels.eider_cuda_error_text(error).getString());
        return error;
    }
}
