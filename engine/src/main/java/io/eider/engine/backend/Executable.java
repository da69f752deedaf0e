package io.eider.engine.backend;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import java.util.List;

/** A graph loaded on a device. */
public interface Executable extends AutoCloseable {
    /**
     * One line of the execution plan.
     *
     * @param node what is computed
     * @param kernel the implementation chosen
     * @param offset byte offset of its first output in the arena, or −1 where it lies outside
     * @param workspaceBytes scratch memory it uses while it runs
     */
    record Step(Node node, String kernel, long offset, long workspaceBytes) {}

    /** Returns where the caller puts the numbers of an input. */
    Buffer input(Tensor input);

    /** Returns where a run leaves the numbers of an output of the graph; the next run overwrites them. */
    Buffer output(int index);

    /** Runs every step once, then the assignments. The same as {@link #start} and {@link #await}. */
    void run();

    /**
     * Begins to bring the inputs to the device for the next run, also while one goes on. They are not to be written from
     * then until that run is started. Where there is nothing to bring this does nothing.
     */
    default void upload() {}

    /**
     * Begins a run with the inputs as they are, which may be written again once this returns. The run before must have been
     * awaited. Where the device is the processor itself, all of it is done then.
     */
    default void start() {
        run();
    }

    /** Waits for the run that was started. A failure of it is thrown here or by {@link #start}. */
    default void await() {}

    /** Returns the steps in the order they run. */
    List<Step> steps();

    /**
     * Runs once and measures.
     *
     * @return nanoseconds each step took, in the order of {@link #steps()}
     */
    long[] timedRun();

    /** Returns the size of the memory that steps share, in bytes. */
    long arenaBytes();

    @Override
    void close();
}
