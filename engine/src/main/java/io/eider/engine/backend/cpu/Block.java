package io.eider.engine.backend.cpu;

import io.eider.natives.Kernels;
import org.bytedeco.javacpp.Pointer;

/**
 * Native memory that lives until it is freed: no garbage collector knows of it, so no run waits for one. Aligned to 64
 * bytes.
 */
final class Block implements AutoCloseable {
    private final String owner;
    private final Pointer memory;
    private final long bytes;
    private boolean freed;

    private Block(String owner, Pointer memory, long bytes) {
        this.owner = owner;
        this.memory = memory;
        this.bytes = bytes;
    }

    /**
     * Allocates zeros.
     *
     * @param owner what the memory is for, used in messages
     * @throws OutOfMemoryError if there is no such memory; says how much was asked for
     */
    static Block zeros(String owner, long bytes) {
        Block block = uninitialised(owner, bytes);
        Pointer.memset(block.memory, 0, bytes);
        return block;
    }

    /** Allocates like {@link #zeros}, but whatever was in memory stays in it. */
    static Block uninitialised(String owner, long bytes) {
        Pointer memory = Kernels.eider_allocate(bytes);
        if (memory == null) {
            throw new OutOfMemoryError("no " + bytes + " bytes of native memory for " + owner
                    + ": use a smaller batch, close other devices, or give the process more memory");
        }
        return new Block(owner, memory, bytes);
    }

    /** Returns where it begins. */
    long address() {
        checkOpen();
        return memory.address();
    }

    /**
     * Checks that the memory is there.
     *
     * @throws IllegalStateException if it was freed
     */
    void checkOpen() {
        if (freed) {
            throw new IllegalStateException(owner + " is closed, its memory is freed");
        }
    }

    long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        if (!freed) {
            freed = true;
            Kernels.eider_free(memory);
        }
    }
}
