package io.eider.engine.program;

import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rebuilds a graph node by node. Leaves stay the same nodes, for callers hold on to inputs; every other node is made
 * anew, changed or not, so that the order of creation remains the order of the graph.
 */
final class Rewriter {
    /** What becomes of one node. */
    @FunctionalInterface
    interface Rule {
        /**
         * Returns the outputs that stand for the node's, of the same types.
         *
         * @param node the old node
         * @param inputs what stands for its inputs
         */
        Tensor[] rewrite(Node node, List<Tensor> inputs);
    }

    private Rewriter() {}

    static Graph rewrite(Graph graph, Rule rule) {
        Map<Node, Tensor[]> replaced = new HashMap<>();
        for (Node node : graph.nodes()) {
            List<Tensor> inputs =
                    node.inputs().stream().map(input -> at(replaced, input)).toList();
            replaced.put(node, node.inputs().isEmpty() ? node.outputs() : rule.rewrite(node, inputs));
        }
        return new Graph(
                graph.outputs().stream().map(output -> at(replaced, output)).toList(),
                graph.assignments().stream()
                        .map(old -> new Graph.Assignment(old.variable(), at(replaced, old.value())))
                        .toList());
    }

    /** Returns the nodes whose results other nodes read. */
    static Set<Node> read(Graph graph) {
        return graph.nodes().stream()
                .flatMap(node -> node.inputs().stream())
                .map(Tensor::node)
                .collect(Collectors.toSet());
    }

    /** Returns a graph in which other tensors stand for some results; no node is made anew. */
    static Graph replace(Graph graph, Map<Tensor, Tensor> replaced) {
        return new Graph(
                graph.outputs().stream()
                        .map(output -> replaced.getOrDefault(output, output))
                        .toList(),
                graph.assignments().stream()
                        .map(assignment -> new Graph.Assignment(
                                assignment.variable(), replaced.getOrDefault(assignment.value(), assignment.value())))
                        .toList());
    }

    private static Tensor at(Map<Node, Tensor[]> replaced, Tensor old) {
        return replaced.get(old.node())[old.index()];
    }
}
