package io.eider.engine.backend.reference;

import io.eider.engine.backend.Buffer;
import io.eider.engine.backend.Executable;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Primitive;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.op.primitive.ReadVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Walks the graph, an array of doubles for each value, dropped after its last use. Each result of type bf16 is rounded as
 * a whole, after the op that computes it.
 */
final class ReferenceExecutable implements Executable {
    private final ReferenceDevice device;
    private final Graph graph;
    private final List<Node> nodes;
    private final Map<Tensor, ReferenceBuffer> inputs = new HashMap<>();
    private final List<ReferenceBuffer> outputs = new ArrayList<>();
    private final Map<Node, List<Tensor>> lastUses = new HashMap<>();

    ReferenceExecutable(ReferenceDevice device, Graph graph) {
        this.device = device;
        this.graph = graph;
        this.nodes = graph.nodes();
        Map<Tensor, Node> lastUser = new HashMap<>();
        for (Node node : nodes) {
            if (node.op() instanceof Input) {
                inputs.put(node.output(0), new ReferenceBuffer(node.type(0)));
            }
            node.inputs().forEach(input -> lastUser.put(input, node));
        }
        graph.results().forEach(lastUser::remove);
        lastUser.forEach((tensor, user) ->
                lastUses.computeIfAbsent(user, key -> new ArrayList<>()).add(tensor));
        graph.outputs().forEach(output -> outputs.add(new ReferenceBuffer(output.type())));
    }

    @Override
    public Buffer input(Tensor input) {
        return inputs.get(input);
    }

    @Override
    public Buffer output(int index) {
        return outputs.get(index);
    }

    @Override
    public void run() {
        timedRun();
    }

    @Override
    public long[] timedRun() {
        Map<Tensor, double[]> values = new HashMap<>();
        List<Long> nanos = new ArrayList<>();
        for (Node node : nodes) {
            if (isLeaf(node)) {
                values.put(
                        node.output(0),
                        node.op() instanceof ReadVariable read
                                ? device.numbers(read.variable()).values()
                                : inputs.get(node.output(0)).values());
                continue;
            }
            long start = System.nanoTime();
            double[][] arguments = node.inputs().stream().map(values::get).toArray(double[][]::new);
            double[][] results = node.types().stream()
                    .map(TensorType::shape)
                    .map(shape -> new double[(int) shape.size()])
                    .toArray(double[][]::new);
            ((Primitive) node.op()).reference(node, arguments, results);
            for (int i = 0; i < results.length; i++) {
                round(node.type(i).dtype(), results[i]);
                values.put(node.output(i), results[i]);
            }
            lastUses.getOrDefault(node, List.of()).forEach(values::remove);
            nanos.add(System.nanoTime() - start);
        }
        for (int i = 0; i < outputs.size(); i++) {
            outputs.get(i).replace(values.get(graph.outputs().get(i)));
        }
        graph.assignments()
                .forEach(assignment -> device.numbers(assignment.variable()).replace(values.get(assignment.value())));
        return nanos.stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public List<Step> steps() {
        return nodes.stream()
                .filter(node -> !isLeaf(node))
                .map(node -> new Step(node, "plain Java", -1, 0))
                .toList();
    }

    @Override
    public long arenaBytes() {
        return 0;
    }

    @Override
    public void close() {
        inputs.clear();
        outputs.clear();
    }

    private static void round(DType dtype, double[] values) {
        if (dtype == DType.BF16) {
            Arrays.setAll(values, i -> dtype.stored(values[i]));
        }
    }

    private static boolean isLeaf(Node node) {
        return node.op() instanceof Input || node.op() instanceof ReadVariable;
    }
}
