package io.eider.engine.backend.cuda;

import io.eider.engine.backend.DeviceMemoryException;
import io.eider.engine.backend.planned.Address;
import io.eider.engine.backend.planned.Block;
import io.eider.engine.backend.planned.Cleanup;
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
     * @throws DeviceMemoryException if there is no such memory; says how much was asked for, is free and is held
     */
    Block zeros(String owner, long bytes) {
        Block block = uninitialised(owner, bytes);
        try {
            Check.cuda(
                    "cudaMemsetAsync of " + owner,
                    cudart.cudaMemsetAsync(Address.of(block.address()), 0, block.bytes(), stream));
        } catch (RuntimeException e) {
            Cleanup cleanup = new Cleanup();
            cleanup.add(block::close);
            cleanup.after(e);
            throw e;
        }
        return block;
    }

    /** Allocates like {@link #zeros}, but whatever was in memory stays in it. */
    Block uninitialised(String owner, long bytes) {
        // CUDA allocates nothing for 0 bytes, and assignments copy whole words.
        long size = Math.max(1, Commit.words(bytes)) * Float.BYTES;
        Pointer memory = Address.of(0);
        check("cudaMalloc", "device memory", size, owner, cudart.cudaMalloc(memory, size));
        held += size;
        peak = Math.max(peak, held);
        return new Block(owner, memory.address(), Math.max(bytes, 1), () -> {
            held -= size;
            Check.cuda("cudaFree of " + owner, cudart.cudaFree(memory));
        });
    }

    /** Allocates host memory that copies to and from the device need not wait for. */
    Block pinned(String owner, long bytes) {
        long size = Math.max(bytes, 1);
        Pointer memory = Address.of(0);
        check(
                "cudaHostAlloc",
                "host memory that the device can reach",
                size,
                owner,
                cudart.cudaHostAlloc(memory, size, cudart.cudaHostAllocDefault));
        return new Block(
                owner,
                memory.address(),
                size,
                () -> Check.cuda("cudaFreeHost of " + owner, cudart.cudaFreeHost(memory)));
    }

    private void check(String call, String kind, long size, String owner, int error) {
        if (error == cudart.cudaErrorMemoryAllocation) {
            Check.forget();
            throw new DeviceMemoryException("no " + size + " bytes of " + kind + " for " + owner + ": of the device's, "
                    + freeBytes() + " are free, held here are " + held + " and were " + peak
                    + " at most: use a smaller batch, or end what else uses the GPU");
        }
        Check.cuda(call + " of " + size + " bytes for " + owner, error);
    }

    private static String freeBytes() {
        try (SizeTPointer free = new SizeTPointer(1);
                SizeTPointer total = new SizeTPointer(1)) {
            if (cudart.cudaMemGetInfo(free, total) == cudart.cudaSuccess) {
                return free.get() + " of " + total.get();
            }
            Check.forget();
            return "an unknown number";
        }
    }
}
