package io.eider.engine.backend.cpu;

import io.eider.engine.backend.DeviceMemoryException;
import io.eider.engine.backend.planned.Block;
import io.eider.natives.Kernels;
import org.bytedeco.javacpp.Pointer;

/** Blocks of the process's memory, aligned to 64 bytes. */
final class NativeMemory {
    private NativeMemory() {}

    /**
     * Allocates zeros.
     *
     * @param owner what the memory is for, used in messages
     * @throws DeviceMemoryException if there is no such memory; says how much was asked for
     */
    static Block zeros(String owner, long bytes) {
        Pointer memory = allocate(owner, bytes);
        Pointer.memset(memory, 0, bytes);
        return block(owner, memory, bytes);
    }

    /** Allocates like {@link #zeros}, but whatever was in memory stays in it. */
    static Block uninitialised(String owner, long bytes) {
        return block(owner, allocate(owner, bytes), bytes);
    }

    private static Pointer allocate(String owner, long bytes) {
        Pointer memory = Kernels.eider_allocate(bytes);
        if (memory == null) {
            throw new DeviceMemoryException("no " + bytes + " bytes of native memory for " + owner
                    + ": use a smaller batch, close other devices, or give the process more memory");
        }
        return memory;
    }

    private static Block block(String owner, Pointer memory, long bytes) {
        return new Block(owner, memory.address(), bytes, () -> Kernels.eider_free(memory));
    }
}
