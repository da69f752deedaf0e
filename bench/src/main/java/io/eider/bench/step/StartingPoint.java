package io.eider.bench.step;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.engine.graph.Shape;
import io.eider.engine.io.Safetensors;
import io.eider.engine.io.StoredTensor;
import io.eider.models.checkpoint.Checkpoint;
import io.eider.models.nn.Variables;
import io.eider.models.resnet.CifarResnet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/**
 * What every peer begins with, in a folder: {@code weights.safetensors}, a checkpoint, and {@code batch.safetensors} with
 * {@code x}, {@code x_dev} (n, 32, 32, 3), {@code y}, {@code y_dev} (n), {@code class_weights} (C), and the step sizes as
 * metadata.
 */
final class StartingPoint {
    static final String WEIGHTS = "weights.safetensors";
    static final String BATCH = "batch.safetensors";

    private static final int SIDE = 32;
    private static final int CHANNELS = 3;
    private static final int CLASSES = 10;
    private static final int SEED = 1;

    /**
     * Small steps, because large ones multiply rounding errors until losses of equal programs differ. τη is 1000 times the
     * authors', so that ε is as large as the weights and a wrong one shows in the loss.
     */
    private static final Map<String, String> NUMBERS =
            Map.of("learning_rate", "0.002", "momentum", "0.9", "weight_decay", "5e-4", "eta", "2e-5", "tau", "500");

    private StartingPoint() {}

    /**
     * Writes both files.
     *
     * @param folder where
     * @param depth of the network
     * @param batch images in a batch, and in a development batch
     * @throws IOException if they cannot be written
     */
    static void write(Path folder, int depth, int batch) throws IOException {
        CifarResnet network = new CifarResnet(depth, CLASSES);
        Variables variables = new Variables(network);
        try (Device device = Devices.open("reference", 1)) {
            variables.initialise(device, SEED);
            Checkpoint.save(folder.resolve(WEIGHTS), List.of(variables), device, Map.of());
        }
        SplittableRandom random = new SplittableRandom(SEED);
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        tensors.put("x", images(batch, random));
        tensors.put("x_dev", images(batch, random));
        tensors.put("y", labels(random.ints(batch, 0, CLASSES)));
        tensors.put("y_dev", labels(IntStream.range(0, batch).map(i -> i % CLASSES)));
        tensors.put("class_weights", StoredTensor.of(Shape.of(CLASSES), floats(CLASSES, random::nextDouble)));
        Map<String, String> numbers = new LinkedHashMap<>(NUMBERS);
        numbers.put("depth", Integer.toString(depth));
        new Safetensors(tensors, numbers).write(folder.resolve(BATCH));
    }

    private static StoredTensor images(int count, SplittableRandom random) {
        return StoredTensor.of(
                Shape.of(count, SIDE, SIDE, CHANNELS), floats(count * SIDE * SIDE * CHANNELS, random::nextGaussian));
    }

    private static StoredTensor labels(IntStream labels) {
        long[] values = labels.asLongStream().toArray();
        return StoredTensor.of(Shape.of(values.length), values);
    }

    private static float[] floats(int count, DoubleSupplier next) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) next.getAsDouble();
        }
        return values;
    }
}
