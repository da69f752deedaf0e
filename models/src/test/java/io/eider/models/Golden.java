package io.eider.models;

import io.eider.engine.backend.Device;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.TensorType;
import io.eider.engine.graph.Variable;
import io.eider.engine.io.Safetensors;
import io.eider.engine.io.StoredTensor;
import io.eider.models.nn.Variables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** One stage-2 step computed in 64 bits by PyTorch: images (N, C, H, W), filters (O, I, H, W). */
public record Golden(Safetensors file) {
    /** Opens a file of {@code shared/golden}, in any folder above; where there is none, the test is skipped and says so. */
    public static Golden open(String name) throws IOException {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve("shared/golden"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            System.out.println("skipped: no shared/golden in any folder above, which holds PyTorch's numbers");
        }
        Assumptions.assumeTrue(folder != null, "no shared/golden in any folder above, which holds PyTorch's numbers");
        return new Golden(Safetensors.read(folder.resolve("shared/golden").resolve(name + ".safetensors")));
    }

    public StoredTensor get(String name) {
        StoredTensor tensor = file.tensors().get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(
                    "no " + name + " in " + file.tensors().keySet());
        }
        return tensor;
    }

    /** Returns numbers in the order of graphs. */
    public double[] numbers(String name) {
        StoredTensor tensor = get(name);
        return tensor.shape().rank() == 4 ? channelsLast(tensor.shape(), tensor.doubles()) : tensor.doubles();
    }

    public int[] labels(String name) {
        return Arrays.stream(get(name).longs()).mapToInt(Math::toIntExact).toArray();
    }

    public double constant(String key) {
        return Double.parseDouble(file.metadata().get(key));
    }

    /** Writes θ and running statistics, and momentum where the file has it. */
    public void write(Variables variables, Device device) {
        write(device, variables.parameterVariables(), "theta/");
        write(device, variables.stateVariables(), "state/");
        if (file.tensors().keySet().stream().anyMatch(name -> name.startsWith("momentum/"))) {
            write(device, variables.momentumVariables(), "momentum/");
        }
    }

    /** Returns an input of 32-bit type for images stored as (N, C, H, W). */
    public TensorType imageType(String name) {
        Shape stored = get(name).shape();
        return TensorType.f32(stored.dim(0), stored.dim(2), stored.dim(3), stored.dim(1));
    }

    /** Returns ‖found − expected‖ / ‖expected‖. */
    public double relativeError(String name, double[] found) {
        double[] expected = numbers(name);
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += (found[i] - expected[i]) * (found[i] - expected[i]);
            norm += expected[i] * expected[i];
        }
        return Math.sqrt(difference / norm);
    }

    public double relativeError(String name, Device device, Variable variable) {
        double[] found = new double[(int) variable.type().shape().size()];
        device.variable(variable).read(found);
        return relativeError(name, found);
    }

    private void write(Device device, Map<String, Variable> variables, String prefix) {
        variables.forEach((name, variable) -> device.variable(variable).write(numbers(prefix + name)));
    }

    private static double[] channelsLast(Shape shape, double[] numbers) {
        int channels = shape.dim(1);
        int pixels = shape.dim(2) * shape.dim(3);
        double[] result = new double[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            int n = i / (channels * pixels);
            int c = i / pixels % channels;
            result[(n * pixels + i % pixels) * channels + c] = numbers[i];
        }
        return result;
    }
}
