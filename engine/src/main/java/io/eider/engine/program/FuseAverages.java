package io.eider.engine.program;

import io.eider.engine.backend.Device;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.fused.ScaledSums;
import io.eider.engine.op.primitive.Add;
import io.eider.engine.op.primitive.Fill;
import io.eider.engine.op.primitive.Multiply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes the sums y + x·c of many tensors with one constant c a single {@link ScaledSums}, where the device has a kernel for
 * that: running statistics, each 0.9 of the old and 0.1 of the batch's. Only sums that no other node reads take part: they may
 * be computed last, all at once.
 */
record FuseAverages(Device device) implements Pass {
    private record Average(Node node, Tensor y, Tensor x, Fill c) {
        /** What those have in common that are made one. */
        private Fill scalar() {
            return new Fill(c.value(), c.type().withShape(Shape.SCALAR));
        }
    }

    @Override
    public Graph apply(Graph graph) {
        Set<Node> read = Rewriter.read(graph);
        Map<Fill, List<Average>> groups = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            Average average = node.op() instanceof Add && !read.contains(node) ? average(node) : null;
            if (average != null) {
                groups.computeIfAbsent(average.scalar(), c -> new ArrayList<>()).add(average);
            }
        }
        Map<Tensor, Tensor> replaced = new HashMap<>();
        groups.forEach((c, group) -> fuse(c, group, replaced));
        return Rewriter.replace(graph, replaced);
    }

    private static Average average(Node sum) {
        for (int i = 1; i >= 0; i--) {
            Node product = sum.input(i).node();
            if (product.op() instanceof Multiply && product.input(1).node().op() instanceof Fill c) {
                return new Average(sum, sum.input(1 - i), product.input(0), c);
            }
        }
        return null;
    }

    private void fuse(Fill c, List<Average> group, Map<Tensor, Tensor> replaced) {
        List<Tensor> inputs = new ArrayList<>();
        group.forEach(average -> inputs.add(average.x));
        group.forEach(average -> inputs.add(average.y));
        inputs.add(Fill.fill(c.value(), c.type()));
        Node fused = new Node(new ScaledSums(group.size()), inputs);
        if (group.size() > 1 && device.supports(fused)) {
            for (int i = 0; i < group.size(); i++) {
                replaced.put(group.get(i).node.output(0), fused.output(i));
            }
        }
    }
}
