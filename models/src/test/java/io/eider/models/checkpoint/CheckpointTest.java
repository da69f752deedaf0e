package io.eider.models.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.engine.backend.Device;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.Variable;
import io.eider.engine.io.Safetensors;
import io.eider.engine.io.SafetensorsException;
import io.eider.engine.io.StoredTensor;
import io.eider.models.Reference;
import io.eider.models.nn.Variables;
import io.eider.models.resnet.CifarResnet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    private final Device device = new Reference().device();
    private final Variables variables = new Variables(new CifarResnet(8, 10));

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void save() throws IOException {
        file = folder.resolve("last.safetensors");
        variables.initialise(device, 1);
        device.variable(variables.momentumVariables().get("linear.bias"))
                .write(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
        Checkpoint.save(file, List.of(variables), device, Map.of("epoch", "3", "config", "{\"depth\": 8}"));
    }

    @Test
    void whatIsSavedIsLoaded() throws IOException {
        Device other = new Reference().device();
        assertThat(Checkpoint.load(file, List.of(variables), other))
                .containsEntry("epoch", "3")
                .hasSize(2);
        assertSame(other, variables.parameterVariables());
        assertSame(other, variables.stateVariables());
        assertSame(other, variables.momentumVariables());
    }

    @Test
    void weightsAloneLeaveTheMomentum() throws IOException {
        Device other = new Reference().device();
        Checkpoint.loadWeights(file, variables, other);
        assertSame(other, variables.parameterVariables());
        assertSame(other, variables.stateVariables());
        assertThat(Variables.read(other, variables.momentumVariables()).get("linear.bias"))
                .containsOnly(0);
    }

    @Test
    void namesAndLayoutsAreTorchvisions() throws IOException {
        Map<String, StoredTensor> tensors = Safetensors.read(file).tensors();
        assertThat(tensors)
                .hasSize(2 * variables.parameterVariables().size()
                        + variables.stateVariables().size())
                .containsKeys("bn1.running_var", "momentum/linear.bias");
        StoredTensor stored = tensors.get("layer2.0.conv1.weight");
        assertThat(stored.shape()).isEqualTo(Shape.of(32, 16, 3, 3));
        float[] inGraph = Variables.read(device, variables.parameterVariables()).get("layer2.0.conv1.weight");
        float[] inFile = stored.floats();
        for (int o = 0; o < 32; o++) {
            for (int i = 0; i < 16; i++) {
                for (int k = 0; k < 9; k++) {
                    assertThat(inFile[(o * 16 + i) * 9 + k]).isEqualTo(inGraph[(o * 9 + k) * 16 + i]);
                }
            }
        }
    }

    @Test
    void equalNumbersGiveEqualBytes() throws IOException {
        Path again = folder.resolve("again.safetensors");
        Checkpoint.save(again, List.of(variables), device, Map.of("config", "{\"depth\": 8}", "epoch", "3"));
        assertThat(again).hasSameBinaryContentAs(file);
    }

    @Test
    void filesOfAnotherNetworkAreRefusedByTensor() throws IOException {
        refused(tensors -> tensors.remove("layer3.0.bn2.bias"), "'layer3.0.bn2.bias' is missing");
        refused(tensors -> tensors.remove("momentum/conv1.weight"), "'momentum/conv1.weight' is missing");
        refused(tensors -> tensors.put("fc.bias", tensors.get("linear.bias")), "no tensor 'fc.bias'");
        refused(
                tensors -> tensors.put("linear.weight", StoredTensor.of(Shape.of(64, 10), new float[640])),
                "'linear.weight' is F32[64, 10], the network needs F32[10, 64]");
        refused(
                tensors -> tensors.put("linear.bias", StoredTensor.of(Shape.of(10), new double[10])),
                "'linear.bias' is F64[10], the network needs F32[10]");
        refused(
                tensors -> tensors.put("conv1.weight", StoredTensor.of(Shape.of(16, 3, 3, 1), new float[144])),
                "'conv1.weight' is F32[16, 3, 3, 1], the network needs F32[16, 3, 3, 3]");
    }

    @Test
    void aCutFileIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        assertThatThrownBy(() -> Checkpoint.load(file, List.of(variables), device))
                .isInstanceOf(SafetensorsException.class);
    }

    private void refused(Consumer<Map<String, StoredTensor>> damage, String problem) throws IOException {
        Map<String, StoredTensor> tensors =
                new LinkedHashMap<>(Safetensors.read(file).tensors());
        damage.accept(tensors);
        Path bad = folder.resolve("bad.safetensors");
        new Safetensors(tensors, Map.of()).write(bad);
        Device other = new Reference().device();
        assertThatThrownBy(() -> Checkpoint.load(bad, List.of(variables), other))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(bad.toString())
                .hasMessageContaining(problem);
        assertThat(Variables.read(other, variables.stateVariables()).get("bn1.running_var"))
                .containsOnly(0);
    }

    private void assertSame(Device other, Map<String, Variable> names) {
        Map<String, float[]> expected = Variables.read(device, names);
        Variables.read(other, names)
                .forEach((name, numbers) -> assertThat(numbers).as(name).containsExactly(expected.get(name)));
    }
}
