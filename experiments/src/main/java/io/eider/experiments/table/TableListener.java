package io.eider.experiments.table;

import io.eider.experiments.train.RunListener;
import java.time.Duration;
import java.util.Optional;

/** Hears how a table goes; called by the threads that train, by one at a time. */
public interface TableListener {
    /**
     * A cell is begun or gone on with.
     *
     * @param cell which
     * @param number its place in the table, from 1
     * @param cells how many the table has
     * @param left time until the table is done, if it can be told
     * @return hears how the cell goes
     */
    RunListener started(Cell cell, int number, int cells, Optional<Duration> left);

    /**
     * Some of the table is done.
     *
     * @param share of all work, 0 to 1
     * @param left time until the table is done, if it can be told
     */
    default void progressed(double share, Optional<Duration> left) {}

    /**
     * A cell failed; the table goes on.
     *
     * @param cell which
     * @param reason one line
     */
    default void failed(Cell cell, String reason) {}
}
