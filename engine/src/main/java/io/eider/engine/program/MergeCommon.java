package io.eider.engine.program;

import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.primitive.Input;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Computes once what is written twice: equal ops on the same inputs become one node. Inputs are never merged. */
final class MergeCommon implements Pass {
    private record Computation(Op op, List<Tensor> inputs) {}

    @Override
    public Graph apply(Graph graph) {
        Map<Computation, Node> known = new HashMap<>();
        Map<Node, Node> leaves = new HashMap<>();
        for (Node node : graph.nodes()) {
            if (node.inputs().isEmpty() && !(node.op() instanceof Input)) {
                leaves.put(node, known.computeIfAbsent(new Computation(node.op(), List.of()), key -> node));
            }
        }
        return Rewriter.rewrite(graph, (node, inputs) -> {
            List<Tensor> merged = inputs.stream()
                    .map(input -> leaves.containsKey(input.node())
                            ? leaves.get(input.node()).output(input.index())
                            : input)
                    .toList();
            return known.computeIfAbsent(new Computation(node.op(), merged), key -> new Node(node.op(), merged))
                    .outputs();
        });
    }
}
