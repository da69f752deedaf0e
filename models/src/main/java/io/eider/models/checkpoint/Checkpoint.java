package io.eider.models.checkpoint;

import io.eider.engine.backend.Device;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.Variable;
import io.eider.engine.io.Safetensors;
import io.eider.engine.io.StoredTensor;
import io.eider.engine.io.StoredType;
import io.eider.models.nn.Variables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Saves and loads the numbers of a network: parameters and running statistics under their own names
 * ({@code layer1.0.conv1.weight}, {@code bn1.running_mean}), the momentum of parameter p under {@code momentum/p}, all in
 * F32, filters as (O, I, H, W). Networks that are trained beside it lie in the same file; their names hold a {@code /}.
 * What else a run must remember (epoch, step, seed, configuration) goes into the file's metadata as text.
 */
public final class Checkpoint {
    private static final String MOMENTUM = "momentum/";

    private Checkpoint() {}

    /**
     * Saves parameters, momentum and running statistics. The file is written whole or not at all.
     *
     * @param file what to write or replace
     * @param variables of the network, and of what is trained beside it; no name twice
     * @param device where their numbers are
     * @param metadata free text by key
     * @throws IOException if it cannot be written; then a file of that name is as it was
     */
    public static void save(Path file, List<Variables> variables, Device device, Map<String, String> metadata)
            throws IOException {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        whole(variables).forEach((name, variable) -> {
            Shape shape = variable.type().shape();
            float[] numbers = Variables.read(device, Map.of(name, variable)).get(name);
            tensors.put(name, StoredTensor.of(Layout.inFile(shape), Layout.toFile(shape, numbers)));
        });
        new Safetensors(tensors, metadata).write(file);
    }

    /**
     * Loads everything that {@link #save} saved, so that a run can go on.
     *
     * @return the metadata
     * @throws CheckpointException if a tensor is missing, unexpected, or of another shape or element type; then no
     *     variable has changed
     * @throws IOException if it cannot be read or is not valid
     */
    public static Map<String, String> load(Path file, List<Variables> variables, Device device) throws IOException {
        return load(file, Safetensors.read(file), whole(variables), device);
    }

    /**
     * Loads parameters and running statistics of the network only: for evaluation, or for training that starts from them.
     * Momentum in the file, and what was trained beside the network, is passed over; momentum on the device stays.
     *
     * @return the metadata
     * @throws CheckpointException if a tensor is missing, unexpected, or of another shape or element type; then no
     *     variable has changed
     * @throws IOException if it cannot be read or is not valid
     */
    public static Map<String, String> loadWeights(Path file, Variables variables, Device device) throws IOException {
        return loadAmong(file, weights(variables), device);
    }

    /**
     * Loads parameters, momentum and running statistics of the network only, so that another method can go on with it. What
     * was trained beside it is passed over.
     *
     * @return the metadata
     * @throws CheckpointException if a tensor is missing, unexpected, or of another shape or element type; then no
     *     variable has changed
     * @throws IOException if it cannot be read or is not valid
     */
    public static Map<String, String> loadNetwork(Path file, Variables variables, Device device) throws IOException {
        return loadAmong(file, whole(List.of(variables)), device);
    }

    private static Map<String, String> loadAmong(Path file, Map<String, Variable> wanted, Device device)
            throws IOException {
        Safetensors contents = Safetensors.read(file);
        Map<String, StoredTensor> tensors = new LinkedHashMap<>(contents.tensors());
        tensors.keySet().removeIf(name -> name.contains("/") && !wanted.containsKey(name));
        return load(file, new Safetensors(tensors, contents.metadata()), wanted, device);
    }

    private static Map<String, String> load(
            Path file, Safetensors contents, Map<String, Variable> variables, Device device)
            throws CheckpointException {
        check(file, contents.tensors(), variables);
        Map<String, float[]> numbers = new LinkedHashMap<>();
        variables.forEach((name, variable) -> numbers.put(
                name,
                Layout.toGraph(
                        variable.type().shape(), contents.tensors().get(name).floats())));
        Variables.write(device, variables, numbers);
        return contents.metadata();
    }

    private static void check(Path file, Map<String, StoredTensor> tensors, Map<String, Variable> variables)
            throws CheckpointException {
        for (Map.Entry<String, Variable> entry : variables.entrySet()) {
            StoredTensor tensor = tensors.get(entry.getKey());
            if (tensor == null) {
                throw new CheckpointException(
                        file, "tensor '" + entry.getKey() + "' is missing; the file may be of another network");
            }
            Shape shape = Layout.inFile(entry.getValue().type().shape());
            if (tensor.type() != StoredType.F32 || !tensor.shape().equals(shape)) {
                throw new CheckpointException(
                        file, "tensor '" + entry.getKey() + "' is " + tensor + ", the network needs F32" + shape);
            }
        }
        String unexpected = tensors.keySet().stream()
                .filter(name -> !variables.containsKey(name))
                .map(name -> "tensor '" + name + "'")
                .sorted()
                .collect(Collectors.joining(", "));
        if (!unexpected.isEmpty()) {
            throw new CheckpointException(file, "the network has no " + unexpected);
        }
    }

    private static Map<String, Variable> weights(Variables variables) {
        Map<String, Variable> weights = new LinkedHashMap<>(variables.parameterVariables());
        weights.putAll(variables.stateVariables());
        return weights;
    }

    private static Map<String, Variable> whole(List<Variables> sets) {
        Map<String, Variable> whole = new LinkedHashMap<>();
        for (Variables variables : sets) {
            whole.putAll(weights(variables));
            variables.momentumVariables().forEach((name, variable) -> whole.put(MOMENTUM + name, variable));
        }
        return whole;
    }
}
