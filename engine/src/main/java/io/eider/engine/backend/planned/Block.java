package io.eider.engine.backend.planned;

/**
 * Memory of a device, or of the host for it, that lives until it is freed: no garbage collector knows of it, so no run
 * waits for one.
 */
public final class Block implements AutoCloseable {
    private final String owner;
    private final long address;
    private final long bytes;
    private final Runnable free;
    private boolean freed;

    /**
     * Takes charge of memory.
     *
     * @param owner what the memory is for, used in messages
     * @param address where it begins
     * @param bytes its size
     * @param free gives it back
     */
    public Block(String owner, long address, long bytes, Runnable free) {
        this.owner = owner;
        this.address = address;
        this.bytes = bytes;
        this.free = free;
    }

    /** Returns where it begins. */
    public long address() {
        checkOpen();
        return address;
    }

    /**
     * Checks that the memory is there.
     *
     * @throws IllegalStateException if it was freed
     */
    public void checkOpen() {
        if (freed) {
            throw new IllegalStateException(owner + " is closed, its memory is freed");
        }
    }

    /** Returns its size. */
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        if (!freed) {
            freed = true;
            free.run();
        }
    }
}
