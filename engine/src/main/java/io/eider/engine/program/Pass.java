package io.eider.engine.program;

import io.eider.engine.graph.Graph;

/** One transformation of a graph that does not change what it computes, but for rounding. */
@FunctionalInterface
interface Pass {
    Graph apply(Graph graph);
}
