package io.eider.engine.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.fused.ScaledSums;
import io.eider.engine.op.primitive.Exp;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.op.primitive.Sum;
import java.util.List;
import org.junit.jupiter.api.Test;

class FuseScaledSumsTest {
    private final Tensor eta = Input.input("eta", TensorType.f32());
    private final Tensor p = Input.input("p", TensorType.f32(3));
    private final Tensor q = Input.input("q", TensorType.f32(2, 2));

    @Test
    void aLookAheadIsOneOpWithTheSameBits() {
        Tensor g = Exp.exp(p);
        Tensor h = Exp.exp(q);
        Tensor pAhead = p.minus(g.times(eta));
        Tensor qAhead = q.minus(h.times(eta));
        // Read between the two differences, as a layer's parameters are read in order.
        Tensor after = Sum.sum(pAhead).times(Sum.sum(qAhead));
        List<Tensor> outputs = List.of(pAhead, qAhead, after);
        List<Node> nodes = fused(outputs);
        assertThat(sums(nodes)).singleElement().isEqualTo(new ScaledSums(2));
        assertThat(nodes).noneMatch(node -> node.op().name().equals("subtract"));
        try (Device device = Devices.open("reference", 1)) {
            Graph graph = new Graph(outputs, List.of());
            Graph one = new FuseScaledSums(new Everything()).apply(graph);
            try (Program apart = Program.compile(device, graph.outputs(), List.of());
                    Program together = Program.compile(device, one.outputs(), List.of())) {
                for (Program program : List.of(apart, together)) {
                    program.set(eta, new double[] {0.3});
                    program.set(p, new double[] {0.1, -0.7, 1.3});
                    program.set(q, new double[] {0.2, 0.4, -0.6, 0.8});
                    program.run();
                }
                for (int i = 0; i < outputs.size(); i++) {
                    assertThat(together.get(one.outputs().get(i))).containsExactly(apart.get(outputs.get(i)));
                }
            }
        }
    }

    @Test
    void aGradientThatNeedsTheLookAheadStaysOutOfIt() {
        Tensor pAhead = p.minus(Exp.exp(p).times(eta));
        Tensor qAhead = q.minus(Exp.exp(q).times(eta));
        Tensor late = p.minus(Exp.exp(pAhead).times(eta));
        List<Node> nodes = fused(List.of(pAhead, qAhead, late));
        // exp(q) comes after p's own difference, so here nothing can be one.
        assertThat(sums(nodes)).isEmpty();
        Tensor g = Exp.exp(p);
        Tensor h = Exp.exp(q);
        Tensor first = p.minus(g.times(eta));
        Tensor second = q.minus(h.times(eta));
        Tensor third = p.minus(Exp.exp(first).times(eta));
        assertThat(sums(fused(List.of(first, second, third)))).containsExactly(new ScaledSums(2));
    }

    @Test
    void otherScalarsAndSingleDifferencesAreLeftAlone() {
        Tensor g = Exp.exp(p);
        Tensor h = Exp.exp(q);
        Tensor other = Input.input("other", TensorType.f32());
        assertThat(sums(fused(List.of(p.minus(g.times(eta)), q.minus(h.times(other))))))
                .isEmpty();
        assertThat(sums(fused(List.of(p.plus(g.times(eta)), q.plus(h.times(eta))))))
                .isEmpty();
        assertThat(sums(fused(List.of(p.minus(g.times(p)), q.minus(h.times(q))))))
                .isEmpty();
    }

    @Test
    void averagesThatNobodyReadsAreOneOpForEachConstant() {
        Tensor sum = Exp.exp(p);
        Tensor other = Exp.exp(q);
        Tensor first = p.times(0.9).plus(sum.times(0.1));
        Tensor second = q.times(0.9).plus(other.times(0.1));
        Tensor another = q.times(0.9).plus(other.times(0.2));
        List<Tensor> outputs = List.of(first, second, another);
        assertThat(sums(averages(outputs))).containsExactly(new ScaledSums(2));
        assertThat(sums(averages(List.of(first, second, first.times(2)))))
                .as("one is read, so there is but one left")
                .isEmpty();
    }

    private static List<Node> averages(List<Tensor> outputs) {
        return new FuseAverages(new Everything())
                .apply(new Graph(outputs, List.of()))
                .nodes();
    }

    private static List<Node> fused(List<Tensor> outputs) {
        return new FuseScaledSums(new Everything())
                .apply(new Graph(outputs, List.of()))
                .nodes();
    }

    private static List<ScaledSums> sums(List<Node> nodes) {
        return nodes.stream()
                .map(Node::op)
                .filter(ScaledSums.class::isInstance)
                .map(ScaledSums.class::cast)
                .toList();
    }
}
