package io.eider.engine.program;

import io.eider.engine.backend.Device;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.fused.ConvolutionPlus;
import io.eider.engine.op.primitive.Add;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a convolution and the addition of its result one {@link ConvolutionPlus}, where nothing else reads the
 * convolution's result and the device has a kernel: the two convolutions of a tangent, conv(ẋ, W) + conv(x, Ẇ), and what
 * comes back through a shortcut. Of two convolutions the later one takes the other's result in.
 */
record FuseConvolutionPlus(Device device) implements Pass {
    @Override
    public Graph apply(Graph graph) {
        Map<Tensor, Integer> readers = readers(graph);
        return Rewriter.rewrite(graph, (node, inputs) -> {
            for (int i : node.op() instanceof Add ? laterFirst(node) : new int[0]) {
                boolean readOnce = readers.get(node.input(i)) == 1;
                Node convolution = inputs.get(i).node();
                if (readOnce && ConvolutionPlus.isConvolution(convolution.op())) {
                    List<Tensor> operands = new ArrayList<>(convolution.inputs());
                    operands.add(inputs.get(1 - i));
                    Node fused = new Node(new ConvolutionPlus(convolution.op()), operands);
                    if (device.supports(fused)) {
                        return fused.outputs();
                    }
                }
            }
            return new Node(node.op(), inputs).outputs();
        });
    }

    private static int[] laterFirst(Node sum) {
        return sum.input(0).node().id() > sum.input(1).node().id() ? new int[] {0, 1} : new int[] {1, 0};
    }

    private static Map<Tensor, Integer> readers(Graph graph) {
        Map<Tensor, Integer> readers = new HashMap<>();
        graph.nodes().forEach(node -> node.inputs().forEach(input -> readers.merge(input, 1, Integer::sum)));
        graph.outputs().forEach(output -> readers.merge(output, 1, Integer::sum));
        graph.assignments().forEach(assignment -> readers.merge(assignment.value(), 1, Integer::sum));
        return readers;
    }
}
