package io.eider.engine.backend;

import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Variable;

/**
 * An open backend: the numbers of variables, and programs loaded to run on them. One thread uses a device at a time.
 * Closing it frees all of its memory.
 */
public interface Device extends AutoCloseable {
    /** Returns the name by which {@link Devices#open} opens this very one again: never {@code auto}. */
    String name();

    /** Returns one line for logs: backend, libraries and their versions, instruction set, threads. */
    String description();

    /** Returns whether this device has a kernel for a node; if not, a fused op runs as its decomposition. */
    boolean supports(Node node);

    /** Returns where a variable's numbers are kept; zeros until written. */
    Buffer variable(Variable variable);

    /**
     * Plans memory and binds kernels.
     *
     * @param graph made of leaves and of nodes that this device supports
     * @throws UnsupportedOperationException if there is no kernel for a node; names it
     */
    Executable load(Graph graph);

    @Override
    void close();
}
