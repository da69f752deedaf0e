package io.eider.engine.backend.cuda;

import io.eider.engine.backend.planned.Address;
import io.eider.engine.backend.planned.Block;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.SizeTPointer;

/** Blocks of a device's memory, aligned to 256 bytes, and of host memory that the device can reach. */
final class CudaMemory {
    private final CUstream_st stream;
    private long held;
    private long peak;

    /** Creates it for the current device, whose work is done in order in a stream. */
    CudaMemory(CUstream_st stream) {
        this.stream = stream;
    }

    /**
     * Allocates zeros.
     *
     * @throws OutOfMemoryError if there is no such memory; says how much was asked for, is free and is held
     */
    Block zeros(String owner, long bytes) {
        Block block = uninitialised(owner, bytes);
        boolean ready = false;
        try {
            Check.cuda(
                    "cudaMemsetAsync of " + owner,
                    cudart.cudaMemsetAsync(Address.of(block.address()), 0, block.bytes(), stream));
            ready = true;
        } finally {
            if (!ready) {
                block.close();
            }
        }
        return block;
    }

    /** Allocates like {@link #zeros}, but whatever was in memory stays in it. */
    Block uninitialised(String owner, long bytes) {
        // CUDA allocates nothing for 0 bytes.
        long size = Math.max(bytes, 1);
        Pointer memory = Address.of(0);
        int error = cudart.cudaMalloc(memory, size);
        if (error == cudart.cudaErrorMemoryAllocation) {
            // The runtime remembers it until asked.
            cudart.cudaGetLastError();
            throw new OutOfMemoryError("no " + size + " bytes of device memory for " + owner + ": " + freeBytes()
                    + " are free, this device holds " + held + " and held " + peak
                    + " at most: use a smaller batch, or end what else uses the GPU");
        }
        Check.cuda("cudaMalloc of " + size + " bytes for " + owner, error);
        held += size;
        peak = Math.max(peak, held);
        return new Block(owner, memory.address(), size, () -> {
            held -= size;
            Check.cuda("cudaFree of " + owner, cudart.cudaFree(memory));
        });
    }

    /** Allocates host memory that copies to and from the device need not wait for. */
    Block pinned(String owner, long bytes) {
        long size = Math.max(bytes, 1);
        Pointer memory = Address.of(0);
        Check.cuda(
                "cudaHostAlloc of " + size + " bytes for " + owner,
                cudart.cudaHostAlloc(memory, size, cudart.cudaHostAllocDefault));
        return new Block(
                owner,
                memory.address(),
                size,
                () -> Check.cuda("cudaFreeHost of " + owner, cudart.cudaFreeHost(memory)));
    }

    private static String freeBytes() {
        try (SizeTPointer free = new SizeTPointer(1);
                SizeTPointer total = new SizeTPointer(1)) {
            int error = cudart.cudaMemGetInfo(free, total);
            return error == cudart.cudaSuccess ? free.get() + " of " + total.get() : "an unknown number";
        }
    }
}
