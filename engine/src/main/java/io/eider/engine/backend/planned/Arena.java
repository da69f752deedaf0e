package io.eider.engine.backend.planned;

/**
 * The memory that all programs of a device share, as large as the largest of them needs. Nothing in it outlives a run,
 * so growing it copies nothing; programs see by {@link #generation()} that it has moved.
 */
public final class Arena implements AutoCloseable {
    private final Allocator allocator;
    private Block block;
    private int generation;

    /** Creates an arena of no bytes. */
    public Arena(Allocator allocator) {
        this.allocator = allocator;
    }

    /** Grows to at least so many bytes. */
    public void require(long bytes) {
        if (block == null || block.bytes() < bytes) {
            // Freed first: the old and the new one need not fit side by side.
            close();
            block = allocator.allocate("the arena", bytes);
            generation++;
        }
    }

    /** Returns where it begins. */
    public long address() {
        return block.address();
    }

    /** Returns a number that changes whenever the arena moves. */
    public int generation() {
        return generation;
    }

    @Override
    public void close() {
        Block old = block;
        if (old != null) {
            block = null;
            generation++;
            old.close();
        }
    }
}
