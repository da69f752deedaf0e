/**
 * The value and the rule: a {@link io.eider.engine.graph.Tensor} is one output of a {@link io.eider.engine.graph.Node};
 * a node applies an {@link io.eider.engine.graph.Op} to tensors. Nothing here holds numbers or native memory; a graph
 * is plain Java data until a program is compiled from it.
 */
package io.eider.engine.graph;
