package io.eider.engine.backend.planned;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What is to be freed, last first. If something cannot be freed the rest still is; the first failure is thrown then.
 */
public final class Cleanup implements AutoCloseable {
    private final Deque<Runnable> actions = new ArrayDeque<>();

    /** Creates one of nothing. */
    public Cleanup() {}

    /** Adds what is to be done before all that was added already. */
    public void add(Runnable action) {
        actions.push(action);
    }

    /** Adds the freeing of a block, and returns the block. */
    public Block keep(Block block) {
        add(block::close);
        return block;
    }

    /** Frees after a failure, which stays the one to be thrown; a failure to free is noted in it. */
    public void after(Throwable failure) {
        try {
            close();
        } catch (RuntimeException second) {
            failure.addSuppressed(second);
        }
    }

    @Override
    public void close() {
        RuntimeException first = null;
        while (!actions.isEmpty()) {
            try {
                actions.pop().run();
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
