package io.eider.engine.backend.cuda;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What is to be freed, last first. If something cannot be freed the rest still is; the first failure is thrown then.
 */
final class Cleanup implements AutoCloseable {
    private final Deque<Runnable> actions = new ArrayDeque<>();

    /** Adds what is to be done before all that was added already. */
    void add(Runnable action) {
        actions.push(action);
    }

    @Override
    public void close() {
        CudaException first = null;
        while (!actions.isEmpty()) {
            try {
                actions.pop().run();
            } catch (CudaException e) {
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
