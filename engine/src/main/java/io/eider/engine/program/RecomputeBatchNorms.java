package io.eider.engine.program;

import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.fused.BatchNorm;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Runs batch norms a second time where that saves memory. What one makes of a convolution's result is read by the next
 * convolution, and then not before derivatives come by; in between all such results live at once. Those who read late
 * get theirs from the same op once more, which has the same input, so no bit changes. The convolutions' results, which
 * derivatives read anyway, stay: a convolution costs several times as much.
 *
 * <p>Greedy: at the step at which most lives, the largest result that lives through it is let go, if then less lives; and
 * so on while that helps. What was let go to no purpose is taken back. No value is made more than twice.
 */
record RecomputeBatchNorms() implements Pass {
    @Override
    public Graph apply(Graph graph) {
        Lifetimes lifetimes = new Lifetimes(graph, graph.nodes());
        Map<Tensor, Integer> again = chosen(graph, lifetimes);
        return again.isEmpty() ? graph : new Rebuilt(lifetimes, again).of(graph);
    }

    /** Returns what is made a second time, and for each the step after which it is that which is read. */
    static SortedMap<Tensor, Integer> chosen(Graph graph, Lifetimes lifetimes) {
        List<Tensor> candidates = graph.nodes().stream()
                .filter(node -> node.op() instanceof BatchNorm)
                .map(node -> node.output(0))
                .sorted(Comparator.comparingLong(y -> -y.type().bytes()))
                .toList();
        SortedMap<Tensor, Integer> again = lifetimes.none();
        Lifetimes.Peak peak = lifetimes.peak(again);
        for (Lifetimes.Peak lower = peak; lower != null; lower = lowered(candidates, lifetimes, again, peak)) {
            peak = lower;
        }
        for (Tensor candidate : candidates) {
            Integer step = again.remove(candidate);
            if (step != null && lifetimes.peak(again).bytes() > peak.bytes()) {
                again.put(candidate, step);
            }
        }
        return again;
    }

    /** Lets go of one value more; returns where most lives then, or null if no value helps. */
    private static Lifetimes.Peak lowered(
            List<Tensor> candidates, Lifetimes lifetimes, SortedMap<Tensor, Integer> again, Lifetimes.Peak peak) {
        for (Tensor candidate : candidates) {
            if (!again.containsKey(candidate) && lifetimes.spans(candidate, peak.step())) {
                again.put(candidate, peak.step());
                Lifetimes.Peak now = lifetimes.peak(again);
                // As much at another step counts: that one is next.
                if (now.bytes() < peak.bytes() || now.bytes() == peak.bytes() && now.step() != peak.step()) {
                    return now;
                }
                again.remove(candidate);
            }
        }
        return null;
    }

    /** The graph with the chosen values made a second time. */
    private record Rebuilt(
            Lifetimes lifetimes, Map<Tensor, Integer> again, Map<Node, Tensor[]> made, Map<Tensor, Tensor> madeAgain) {
        private Rebuilt(Lifetimes lifetimes, Map<Tensor, Integer> again) {
            this(lifetimes, again, new HashMap<>(), new HashMap<>());
        }

        private Graph of(Graph graph) {
            return Rewriter.rewrite(graph, (node, inputs) -> {
                Tensor[] outputs = copy(node, lifetimes.stepOf(node)).outputs();
                made.put(node, outputs);
                return outputs;
            });
        }

        /** Returns a node's copy that runs just before a step, with what its inputs are by then. */
        private Node copy(Node node, int step) {
            List<Tensor> inputs = new ArrayList<>();
            for (Tensor input : node.inputs()) {
                inputs.add(readAt(input, step));
            }
            return new Node(node.op(), inputs);
        }

        private Tensor readAt(Tensor value, int step) {
            if (again.getOrDefault(value, step) < step) {
                if (!madeAgain.containsKey(value)) {
                    madeAgain.put(value, copy(value.node(), step).output(0));
                }
                return madeAgain.get(value);
            }
            return made.containsKey(value.node()) ? made.get(value.node())[value.index()] : value;
        }
    }
}
