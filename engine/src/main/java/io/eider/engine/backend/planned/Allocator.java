package io.eider.engine.backend.planned;

/** Where blocks come from. */
@FunctionalInterface
public interface Allocator {
    /**
     * Allocates; whatever was in the memory stays in it.
     *
     * @param owner what the memory is for, used in messages
     * @throws io.eider.engine.backend.DeviceMemoryException if there is no such memory; says how much was asked for
     */
    Block allocate(String owner, long bytes);
}
