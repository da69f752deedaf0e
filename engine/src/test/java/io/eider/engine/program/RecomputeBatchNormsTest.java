package io.eider.engine.program;

import static io.eider.engine.op.primitive.Conv2d.conv2d;
import static io.eider.engine.op.primitive.Input.input;
import static io.eider.engine.op.primitive.Sum.sum;
import static org.assertj.core.api.Assertions.assertThat;

import io.eider.engine.autodiff.Autodiff;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.fused.BatchNorm;
import io.eider.engine.op.primitive.Exp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** Batch norms that run a second time, in residual blocks and their derivatives. */
class RecomputeBatchNormsTest {
    private static final int BLOCKS = 4;

    private final List<Tensor> inputs = new ArrayList<>();
    private final Tensor x = named("x", 4, 16, 16, 16);
    private final List<Tensor> filters = new ArrayList<>();
    private final Tensor loss = loss();

    @Test
    void gradientsNeedLessMemory() {
        Graph graph = new Graph(gradients(), List.of());
        Graph again = new RecomputeBatchNorms().apply(graph);
        // Of four results a block (two convolutions', two batch norms') two must stay.
        assertThat(peak(again)).isLessThan(peak(graph) * 7 / 10);
        assertThat(batchNorms(graph)).isEqualTo(2 * BLOCKS);
        assertThat(batchNorms(again)).isGreaterThan(2 * BLOCKS).isLessThanOrEqualTo(4 * BLOCKS);
        assertThat(again.nodes()).hasSize(graph.nodes().size() + batchNorms(again) - batchNorms(graph));
    }

    @Test
    void noBitChanges() {
        List<Tensor> outputs = new ArrayList<>(gradients());
        outputs.add(Autodiff.jvp(loss, filters, gradients()));
        try (Device cpu = Devices.open("cpu", 1)) {
            for (Precision precision : Precision.values()) {
                try (Program kept = Program.compile(cpu, outputs, List.of(), ProgramOptions.of(precision));
                        Program again = Program.compile(cpu, outputs, List.of(), new ProgramOptions(precision, true))) {
                    for (Program program : List.of(kept, again)) {
                        Random random = new Random(3);
                        for (Tensor input : inputs) {
                            program.set(
                                    input,
                                    random.doubles(input.shape().size(), -1, 1).toArray());
                        }
                        program.run();
                    }
                    for (Tensor output : outputs) {
                        assertThat(again.get(output)).containsExactly(kept.get(output));
                    }
                    assertThat(again.arenaBytes()).isLessThan(kept.arenaBytes());
                }
            }
        }
    }

    @Test
    void withoutDerivativesNothingIsToBeSaved() {
        Graph graph = new Graph(List.of(loss), List.of());
        assertThat(new RecomputeBatchNorms().apply(graph)).isSameAs(graph);
    }

    @Test
    void whereMostLivesForOtherReasonsNothingIsDone() {
        List<Tensor> outputs = new ArrayList<>(gradients());
        Tensor large = named("large", 1 << 20);
        outputs.add(sum(Exp.exp(Exp.exp(large))));
        Graph graph = new Graph(outputs, List.of());
        assertThat(new RecomputeBatchNorms().apply(graph)).isSameAs(graph);
    }

    @Test
    void whatCouldOnlyBeMadeFromSomethingAsLargeIsKept() {
        Tensor y = normalised("early", x, null);
        Tensor wide = conv2d(y, named("wider", 32, 3, 3, 16), 1, 1);
        Tensor wideToo = conv2d(wide, named("as wide", 32, 3, 3, 32), 1, 1);
        Tensor narrow = conv2d(wideToo, named("narrower", 16, 3, 3, 32), 1, 1);
        Graph graph = new Graph(List.of(sum(narrow.times(y))), List.of());
        assertThat(new RecomputeBatchNorms().apply(graph)).isSameAs(graph);
    }

    @Test
    void everySecondRunPays() {
        Graph graph = new Graph(gradients(), List.of());
        Lifetimes lifetimes = new Lifetimes(graph, graph.nodes());
        SortedMap<Tensor, Integer> again = RecomputeBatchNorms.chosen(graph, lifetimes);
        long peak = lifetimes.peak(again).bytes();
        assertThat(peak).isEqualTo(peak(new RecomputeBatchNorms().apply(graph)));
        assertThat(again).isNotEmpty();
        for (Tensor value : List.copyOf(again.keySet())) {
            Integer step = again.remove(value);
            assertThat(lifetimes.peak(again).bytes()).as(value.toString()).isGreaterThan(peak);
            again.put(value, step);
        }
    }

    private List<Tensor> gradients() {
        return Autodiff.gradients(loss, filters);
    }

    private Tensor loss() {
        Tensor image = x;
        for (int block = 0; block < BLOCKS; block++) {
            Tensor middle = normalised(block + "a", image, null);
            image = normalised(block + "b", middle, image);
        }
        return sum(image.times(image));
    }

    private Tensor normalised(String name, Tensor image, Tensor residual) {
        Tensor w = named("w" + name, 16, 3, 3, 16);
        filters.add(w);
        List<Tensor> read =
                new ArrayList<>(List.of(conv2d(image, w, 1, 1), named("gamma" + name, 16), named("beta" + name, 16)));
        if (residual != null) {
            read.add(residual);
        }
        return new Node(new BatchNorm(1e-5, residual != null, true), read).output(0);
    }

    private Tensor named(String name, int... dimensions) {
        Tensor made = input(name, TensorType.f32(dimensions));
        inputs.add(made);
        return made;
    }

    private static long peak(Graph graph) {
        Lifetimes lifetimes = new Lifetimes(graph, graph.nodes());
        return lifetimes.peak(lifetimes.none()).bytes();
    }

    private static int batchNorms(Graph graph) {
        return (int) graph.nodes().stream()
                .filter(node -> node.op() instanceof BatchNorm)
                .count();
    }
}
