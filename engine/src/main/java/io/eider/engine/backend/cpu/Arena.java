package io.eider.engine.backend.cpu;

/**
 * The memory that all programs of a device share, as large as the largest of them needs. Nothing in it outlives a run,
 * so growing it copies nothing; programs see by {@link #generation()} that it has moved.
 */
final class Arena implements AutoCloseable {
    private Block block;
    private int generation;

    /** Grows to at least so many bytes. */
    void require(long bytes) {
        if (block == null || block.bytes() < bytes) {
            // Freed first: the old and the new one need not fit side by side.
            close();
            block = Block.uninitialised("the arena", bytes);
            generation++;
        }
    }

    long address() {
        return block.address();
    }

    /** Returns a number that changes whenever the arena moves. */
    int generation() {
        return generation;
    }

    @Override
    public void close() {
        if (block != null) {
            block.close();
            block = null;
            generation++;
        }
    }
}
