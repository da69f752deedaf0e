package io.eider.engine.program;

import io.eider.engine.backend.Device;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.FusedOp;
import java.util.ArrayList;
import java.util.List;

/** Replaces fused ops that the device has no kernel for by their decomposition, again and again. */
record DecomposeUnsupported(Device device) implements Pass {
    @Override
    public Graph apply(Graph graph) {
        Graph current = graph;
        while (current.nodes().stream().anyMatch(this::decomposes)) {
            current = Rewriter.rewrite(current, this::rewrite);
        }
        return current;
    }

    private Tensor[] rewrite(Node node, List<Tensor> inputs) {
        if (!decomposes(node)) {
            return new Node(node.op(), inputs).outputs();
        }
        Tensor[] outputs = ((FusedOp) node.op()).decompose(inputs.toArray(Tensor[]::new));
        List<TensorType> types = new ArrayList<>();
        for (Tensor output : outputs) {
            types.add(output.type());
        }
        if (!types.equals(node.types())) {
            throw new IllegalStateException(
                    "the decomposition of " + node.op() + " gives " + types + ", the op says " + node.types());
        }
        return outputs;
    }

    private boolean decomposes(Node node) {
        return node.op() instanceof FusedOp && !device.supports(node);
    }
}
