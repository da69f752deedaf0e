package io.eider.experiments.data;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.NoSuchElementException;

/**
 * Assembles the batches of a {@link BatchSource} on a thread of its own, a few ahead of the consumer.
 *
 * <pre>{@code
 * try (BatchStream batches = new BatchStream(source, 3)) {
 *     batches.startAt(iteration);
 *     while (batches.hasNext()) {
 *         Batch batch = batches.next(); // valid until the next call
 *     }
 * }
 * }</pre>
 *
 * <p>The buffers form a ring and are used over and over: once running, neither side allocates. The consumer is one thread.
 */
public final class BatchStream implements AutoCloseable {
    private final BatchSource source;
    private final Batch[] ring;
    private final Object lock = new Object();

    /** Batches before this one are no longer in use; their slots may be refilled. */
    @GuardedBy("lock")
    private long free;

    /** The next batch to assemble. */
    @GuardedBy("lock")
    private long filled;

    @GuardedBy("lock")
    private boolean running;

    @GuardedBy("lock")
    private Throwable failure;

    /** The next batch to hand out. */
    private long taken;

    private Thread worker;

    /**
     * A stream that is not running yet.
     *
     * @param source what to assemble
     * @param buffers batches held in memory, at least 2: one in the consumer's hands, the others ahead of it
     * @throws IllegalArgumentException if there are fewer than 2 buffers
     */
    public BatchStream(BatchSource source, int buffers) {
        if (buffers < 2) {
            throw new IllegalArgumentException("a batch stream needs 2 buffers or more, not " + buffers);
        }
        this.source = source;
        ring = new Batch[buffers];
        for (int i = 0; i < buffers; i++) {
            ring[i] = new Batch(source.batchSize());
        }
    }

    /**
     * Begins, or begins again, so that {@link #next()} returns batch {@code iteration}. The batch handed out last becomes
     * invalid.
     *
     * @param iteration where to begin, from 0
     */
    public void startAt(long iteration) {
        stop();
        taken = iteration;
        synchronized (lock) {
            free = iteration;
            filled = iteration;
            failure = null;
            running = true;
        }
        worker = new Thread(this::assemble, "eider-batches");
        worker.setDaemon(true);
        // Whatever ends the worker early, its consumer hears of it instead of waiting for ever.
        worker.setUncaughtExceptionHandler((thread, thrown) -> {
            synchronized (lock) {
                failure = thrown;
                lock.notifyAll();
            }
        });
        worker.start();
    }

    /**
     * Whether the source has another batch. Does not wait.
     *
     * @return false at the end of a source that ends
     */
    public boolean hasNext() {
        return taken < source.batches();
    }

    /**
     * The next batch, waiting for it if need be. It may be read until the next call of any method of this stream.
     *
     * @return the batch
     * @throws NoSuchElementException at the end of the source
     * @throws IllegalStateException if the stream was not started, the batch could not be assembled (with the cause), or
     *     this thread was interrupted
     */
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the source has only " + source.batches() + " batches");
        }
        synchronized (lock) {
            free = taken;
            lock.notifyAll();
            while (filled == taken) {
                if (failure != null) {
                    throw new IllegalStateException("batch " + taken + " could not be assembled: " + failure, failure);
                }
                if (!running) {
                    throw new IllegalStateException("the batch stream is not started");
                }
                waitForChange();
            }
        }
        return ring[(int) (taken++ % ring.length)];
    }

    /** Stops the thread that assembles. The stream may be started again. */
    @Override
    public void close() {
        stop();
    }

    private void assemble() {
        for (long iteration = claim(); iteration >= 0; iteration = claim()) {
            source.fill(iteration, ring[(int) (iteration % ring.length)]);
            synchronized (lock) {
                filled = iteration + 1;
                lock.notifyAll();
            }
        }
    }

    /** Waits for a free slot; the batch to assemble into it, or −1 if there is no more to do. */
    private long claim() {
        synchronized (lock) {
            while (running && filled < source.batches() && filled - free >= ring.length) {
                waitForChange();
            }
            return running && filled < source.batches() ? filled : -1;
        }
    }

    @GuardedBy("lock")
    @SuppressWarnings("WaitNotInLoop") // both callers loop
    private void waitForChange() {
        try {
            lock.wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a batch", e);
        }
    }

    private void stop() {
        synchronized (lock) {
            running = false;
            lock.notifyAll();
        }
        boolean interrupted = false;
        while (worker != null) {
            try {
                worker.join();
                worker = null;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
