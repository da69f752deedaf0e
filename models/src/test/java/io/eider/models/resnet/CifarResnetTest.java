package io.eider.models.resnet;

import static io.eider.engine.op.primitive.Input.input;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.primitive.Conv2d;
import io.eider.models.nn.Mode;
import io.eider.models.nn.Network;
import io.eider.models.nn.Params;
import io.eider.models.nn.Variables;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CifarResnetTest {
    private final Tensor images = input("x", TensorType.f32(5, 32, 32, 3));

    @ParameterizedTest
    @CsvSource({
        "20, 10, 269722",
        "32, 10, 464154",
        "32, 100, 470004",
        "44, 10, 658586",
        "56, 10, 853018",
        "110, 10, 1727962"
    })
    void hasThePublishedNumberOfParameters(int depth, int classes, long count) {
        assertThat(new CifarResnet(depth, classes).parameterCount()).isEqualTo(count);
    }

    @Test
    void namesAndTypesAreTorchvisionsInTorchvisionsOrder() {
        Network net = new CifarResnet(8, 10);
        assertThat(net.parameterTypes().keySet())
                .startsWith("conv1.weight", "bn1.weight", "bn1.bias")
                .containsSubsequence(
                        "layer2.0.conv1.weight",
                        "layer2.0.bn1.weight",
                        "layer2.0.bn1.bias",
                        "layer2.0.conv2.weight",
                        "layer2.0.bn2.weight",
                        "layer2.0.bn2.bias")
                .endsWith("linear.weight", "linear.bias");
        assertThat(net.parameterTypes())
                .containsEntry("conv1.weight", TensorType.f32(16, 3, 3, 3))
                .containsEntry("layer3.0.conv1.weight", TensorType.f32(64, 3, 3, 32))
                .containsEntry("linear.weight", TensorType.f32(10, 64))
                .containsEntry("linear.bias", TensorType.f32(10));
        assertThat(net.stateTypes())
                .hasSize(14)
                .containsEntry("bn1.running_mean", TensorType.f32(16))
                .containsEntry("layer3.0.bn2.running_var", TensorType.f32(64));
    }

    @Test
    void mapsImagesToLogitsInBothModes() {
        for (Mode mode : Mode.values()) {
            Variables variables = new Variables(new CifarResnet(32, 7));
            Network.Output output = variables.network().apply(variables.params(), variables.state(), images, mode);
            assertThat(output.logits().shape()).isEqualTo(Shape.of(5, 7));
            assertThat(output.state().names()).isEqualTo(variables.state().names());
            assertThat(new Graph(List.of(output.logits()), List.of())
                            .nodes().stream().filter(node -> node.op() instanceof Conv2d))
                    .hasSize(31);
        }
    }

    @Test
    void trainModeRenewsEveryStatisticAndEvalModeNone() {
        Variables variables = new Variables(new CifarResnet(8, 10));
        Network net = variables.network();
        assertThat(net.apply(variables.params(), variables.state(), images, Mode.TRAIN)
                        .state()
                        .tensors())
                .doesNotContainAnyElementsOf(variables.state().tensors());
        assertThat(net.apply(variables.params(), variables.state(), images, Mode.EVAL)
                        .state())
                .isSameAs(variables.state());
    }

    @Test
    void everyParameterIsUsed() {
        Variables variables = new Variables(new CifarResnet(20, 10));
        Tensor logits = variables
                .network()
                .apply(variables.params(), variables.state(), images, Mode.TRAIN)
                .logits();
        assertThat(new Graph(List.of(logits), List.of()).nodes())
                .containsAll(
                        variables.params().tensors().stream().map(Tensor::node).toList());
    }

    @Test
    void aMissingParameterIsNamedWithItsNeighbours() {
        Variables variables = new Variables(new CifarResnet(8, 10));
        Params params = variables.params();
        assertThatThrownBy(() -> params.get("layer1.0.conv3.weight"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layer1.0.conv3.weight")
                .hasMessageContaining("layer1.0.conv1.weight");
    }

    @Test
    void impossibleSizesAreRefused() {
        assertThatThrownBy(() -> new CifarResnet(33, 10)).hasMessageContaining("6n + 2");
        assertThatThrownBy(() -> new CifarResnet(2, 10)).hasMessageContaining("6n + 2");
        assertThatThrownBy(() -> new CifarResnet(8, 0)).hasMessageContaining("class");
    }
}
