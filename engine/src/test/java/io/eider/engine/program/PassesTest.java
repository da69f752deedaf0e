package io.eider.engine.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.graph.Variable;
import io.eider.engine.op.FusedOp;
import io.eider.engine.op.fused.BatchNorm;
import io.eider.engine.op.primitive.Exp;
import io.eider.engine.op.primitive.Fill;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.op.primitive.StopGradient;
import java.util.List;
import org.junit.jupiter.api.Test;

class PassesTest {
    private final Tensor x = Input.input("x", TensorType.f32(3, 2));

    @Test
    void constantsFold() {
        Tensor one = Fill.fill(1, x.type());
        Tensor y =
                StopGradient.stopGradient(x.times(one).plus(0).dividedBy(one)).times(Exp.exp(one.minus(one)));
        assertThat(fold(y)).isEqualTo(x);
    }

    @Test
    void zeroTimesAnythingStays() {
        assertThat(fold(x.times(0)).node().op().name()).isEqualTo("multiply");
    }

    @Test
    void equalComputationsMergeButInputsDoNot() {
        Tensor other = Input.input("x", TensorType.f32(3, 2));
        Variable v = new Variable("v", TensorType.f32(3, 2));
        Tensor y =
                Exp.exp(x).plus(Exp.exp(x)).plus(Exp.exp(other)).plus(v.read()).plus(v.read());
        List<Node> nodes = new MergeCommon().apply(graph(y)).nodes();
        assertThat(nodes.stream().filter(node -> node.op() instanceof Exp)).hasSize(2);
        assertThat(nodes.stream().filter(node -> node.op() instanceof Input)).hasSize(2);
        assertThat(nodes.stream().filter(node -> node.op().name().equals("readVariable")))
                .hasSize(1);
    }

    @Test
    void fusedOpsThatTheDeviceLacksDecompose() {
        try (Device device = Devices.open("reference", 1)) {
            Tensor scale = Input.input("scale", TensorType.f32(2));
            Node norm = new Node(new BatchNorm(1e-5, false, true), List.of(x, scale, scale));
            Graph graph = new Graph(List.of(norm.outputs()), List.of());
            List<Node> nodes = new DecomposeUnsupported(device).apply(graph).nodes();
            assertThat(nodes).noneMatch(node -> node.op() instanceof FusedOp);
            assertThat(nodes).allMatch(device::supports);
        }
    }

    @Test
    void rewritingKeepsTheOrderOfCreation() {
        Tensor first = Exp.exp(x);
        Tensor second = StopGradient.stopGradient(x).times(3);
        Graph folded = new FoldConstants().apply(graph(second.plus(first)));
        assertThat(folded.nodes().stream()
                        .filter(node -> !node.inputs().isEmpty())
                        .map(node -> node.op().name()))
                .containsExactly("exp", "multiply", "add");
    }

    private static Tensor fold(Tensor y) {
        return new FoldConstants().apply(graph(y)).outputs().get(0);
    }

    private static Graph graph(Tensor... outputs) {
        return new Graph(List.of(outputs), List.of());
    }
}
