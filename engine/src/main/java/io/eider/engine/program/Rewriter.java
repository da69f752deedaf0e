package io.eider.engine.program;

import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

    private static Tensor at(Map<Node, Tensor[]> replaced, Tensor old) {
        return replaced.get(old.node())[old.index()];
    }
}
