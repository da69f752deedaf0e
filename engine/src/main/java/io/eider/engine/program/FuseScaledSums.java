package io.eider.engine.program;

import io.eider.engine.backend.Device;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.fused.ScaledSums;
import io.eider.engine.op.primitive.Broadcast;
import io.eider.engine.op.primitive.Multiply;
import io.eider.engine.op.primitive.Subtract;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes the differences y − x·s of many tensors with one scalar s a single {@link ScaledSums}, where the device has a kernel
 * for that: a look-ahead, θ − η g. It takes the place of the first difference, so those take part whose tensors are there by
 * then; all gradients are, before the first parameter moves. The products are −s·x, so no bit changes.
 */
record FuseScaledSums(Device device) implements Pass {
    /** y − x·s. */
    private record Difference(Node node, Tensor y, Tensor x, Tensor s) {
        private boolean fitsAt(Node place) {
            return Stream.of(y, x, s)
                    .map(Tensor::node)
                    .allMatch(node -> node.inputs().isEmpty() || node.id() < place.id());
        }
    }

    @Override
    public Graph apply(Graph graph) {
        Map<Node, List<Difference>> groups = groups(graph);
        if (groups.isEmpty()) {
            return graph;
        }
        Map<Node, Tensor[]> made = new HashMap<>();
        Map<Node, Tensor[]> replaced = new HashMap<>();
        return Rewriter.rewrite(graph, (node, inputs) -> {
            if (groups.containsKey(node)) {
                List<Difference> group = groups.get(node);
                Node fused = fused(group, made);
                for (int i = 0; i < group.size(); i++) {
                    replaced.put(group.get(i).node, new Tensor[] {fused.output(i)});
                }
            }
            Tensor[] outputs = replaced.containsKey(node) ? replaced.get(node) : new Node(node.op(), inputs).outputs();
            made.put(node, outputs);
            return outputs;
        });
    }

    /** Returns what is made one, by the first of each group. */
    private Map<Node, List<Difference>> groups(Graph graph) {
        Map<Tensor, List<Difference>> byScalar = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            Difference found = difference(node);
            if (found != null) {
                List<Difference> group = byScalar.computeIfAbsent(found.s, s -> new ArrayList<>());
                if (group.isEmpty() || found.fitsAt(group.get(0).node)) {
                    group.add(found);
                }
            }
        }
        Map<Node, List<Difference>> groups = new HashMap<>();
        for (List<Difference> group : byScalar.values()) {
            if (group.size() > 1 && device.supports(fused(group, Map.of()))) {
                groups.put(group.get(0).node, group);
            }
        }
        return groups;
    }

    private static Difference difference(Node node) {
        Node product = node.op() instanceof Subtract ? node.input(1).node() : node;
        if (product.op() instanceof Multiply) {
            for (int i = 0; i < 2; i++) {
                Node factor = product.input(i).node();
                if (product != node
                        && factor.op() instanceof Broadcast
                        && factor.input(0).shape().equals(Shape.SCALAR)) {
                    return new Difference(node, node.input(0), product.input(1 - i), factor.input(0));
                }
            }
        }
        return null;
    }

    private static Node fused(List<Difference> group, Map<Node, Tensor[]> made) {
        List<Tensor> inputs = new ArrayList<>();
        group.forEach(difference -> inputs.add(now(difference.x, made)));
        group.forEach(difference -> inputs.add(now(difference.y, made)));
        inputs.add(now(group.get(0).s, made).negate());
        return new Node(new ScaledSums(group.size()), inputs);
    }

    private static Tensor now(Tensor old, Map<Node, Tensor[]> made) {
        return made.containsKey(old.node()) ? made.get(old.node())[old.index()] : old;
    }
}
