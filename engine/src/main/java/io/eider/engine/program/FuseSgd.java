package io.eider.engine.program;

import io.eider.engine.backend.Device;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.fused.SgdStep;
import io.eider.engine.op.fused.SgdSteps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes the updates of all parameters by one rule and one learning rate a single {@link SgdSteps}, where the device has a
 * kernel for that. Only updates that no other node reads take part: they may be computed last, all at once.
 */
record FuseSgd(Device device) implements Pass {
    private record Rule(SgdStep step, Tensor learningRate) {}

    @Override
    public Graph apply(Graph graph) {
        Set<Node> read = Rewriter.read(graph);
        Map<Rule, List<Node>> updates = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            if (node.op() instanceof SgdStep step && !read.contains(node)) {
                updates.computeIfAbsent(new Rule(step, node.input(3)), rule -> new ArrayList<>())
                        .add(node);
            }
        }
        Map<Tensor, Tensor> replaced = new HashMap<>();
        updates.forEach((rule, nodes) -> fuse(rule, nodes, replaced));
        return Rewriter.replace(graph, replaced);
    }

    private void fuse(Rule rule, List<Node> updates, Map<Tensor, Tensor> replaced) {
        List<Tensor> inputs = new ArrayList<>();
        for (int input = 0; input < 3; input++) {
            for (Node update : updates) {
                inputs.add(update.input(input));
            }
        }
        inputs.add(rule.learningRate());
        int count = updates.size();
        Node fused = new Node(new SgdSteps(rule.step(), count), inputs);
        if (device.supports(fused)) {
            for (int i = 0; i < count; i++) {
                replaced.put(updates.get(i).output(0), fused.output(i));
                replaced.put(updates.get(i).output(1), fused.output(count + i));
            }
        }
    }
}
