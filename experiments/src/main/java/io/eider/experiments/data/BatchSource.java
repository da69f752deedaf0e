package io.eider.experiments.data;

/**
 * Says what batch number {@code i} is, for every {@code i}, in any order.
 *
 * <p>A source may keep buffers of its own, so one thread at a time may fill from it.
 */
public interface BatchSource {
    /**
     * The most images a batch has.
     *
     * @return at least 1
     */
    int batchSize();

    /**
     * How many batches there are.
     *
     * @return the number, or {@link Long#MAX_VALUE} for a source that never ends
     */
    long batches();

    /**
     * Fills a buffer with batch {@code iteration}. The contents depend on nothing but the iteration.
     *
     * @param iteration which batch, in [0, {@link #batches()})
     * @param batch the buffer, with room for {@link #batchSize()} images
     */
    void fill(long iteration, Batch batch);
}
