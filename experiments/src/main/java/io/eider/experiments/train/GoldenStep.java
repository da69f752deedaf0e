package io.eider.experiments.train;

import io.eider.engine.backend.Device;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.Variable;
import io.eider.engine.io.Safetensors;
import io.eider.engine.io.StoredTensor;
import io.eider.engine.program.Precision;
import io.eider.engine.program.Program;
import io.eider.engine.program.ProgramOptions;
import io.eider.experiments.UserError;
import io.eider.experiments.weighting.DomainAdaptation;
import io.eider.experiments.weighting.Reduction;
import io.eider.experiments.weighting.WeightingRule.LookAhead;
import io.eider.models.nn.Params;
import io.eider.models.nn.Variables;
import io.eider.models.optim.Sgd;
import io.eider.models.resnet.CifarResnet;
import io.eider.models.resnet.Head;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One stage-2 step whose every quantity is known in 64 bits, replayed on a device. The file holds inputs and results of
 * the authors' step: summed look-ahead loss, plain inner step, train-mode batch norm, SGD with Nesterov momentum. The
 * training loss is cross-entropy ({@code ce}), softmax focal ({@code focal} and γ, such as {@code focal1}) or LDAM
 * ({@code ldam}) with s = 30 and the normalised classifier; the development loss is cross-entropy.
 */
public final class GoldenStep {
    private static final double WEIGHT_DECAY = 5e-4;
    private static final double LDAM_SCALE = 30;
    private static final String FOCAL = "focal";

    private final Path file;
    private final Safetensors content;
    private final CifarResnet network;
    private final ExampleLoss loss;

    private GoldenStep(Path file, Safetensors content, CifarResnet network, ExampleLoss loss) {
        this.file = file;
        this.content = content;
        this.network = network;
        this.loss = loss;
    }

    /**
     * Reads a golden file: any depth 6·blocks + 2, batch size and number of classes.
     *
     * @throws IOException if it cannot be read or is damaged
     * @throws UserError if it is not a golden step, or one of a loss that is not known
     */
    public static GoldenStep read(Path file) throws IOException {
        Safetensors content = Safetensors.read(file);
        ExampleLoss loss = loss(file, content);
        int classes =
                Math.toIntExact(tensor(file, content, "class_weights").shape().size());
        long blocks = content.tensors().keySet().stream()
                .filter(name -> name.matches("theta/layer1\\.\\d+\\.conv1\\.weight"))
                .count();
        Head head = loss.loss() == Loss.LDAM ? Head.NORMALISED : Head.LINEAR;
        return new GoldenStep(file, content, new CifarResnet(Math.toIntExact(6 * blocks + 2), classes, head), loss);
    }

    private static ExampleLoss loss(Path file, Safetensors content) {
        String name = content.metadata().getOrDefault("loss", "missing");
        if (name.equals("ce")) {
            return ExampleLoss.CROSS_ENTROPY;
        }
        if (name.equals("ldam")) {
            double[] margins = tensor(file, content, "ldam_margins").doubles();
            return new ExampleLoss(
                    Loss.LDAM, 0, LDAM_SCALE, Arrays.stream(margins).boxed().toList(), List.of());
        }
        if (name.startsWith(FOCAL)) {
            double gamma = number(file, "loss", name.substring(FOCAL.length()));
            return new ExampleLoss(Loss.FOCAL, gamma, 0, List.of(), List.of());
        }
        throw new UserError(
                file + ": loss is '" + name + "'; steps of ce, focal with its gamma, and ldam can be replayed");
    }

    /** Runs the step in f32, or in the 64 bits of a device that has them, as {@link #run(Device, Precision, double, long)}. */
    public Map<String, double[]> run(Device device, double perturbation, long seed) {
        return run(device, Precision.F32, perturbation, seed);
    }

    /**
     * Runs the step and returns what it computed, each tensor under its name in the file and in the file's layout.
     *
     * @param device where to run it
     * @param precision what to keep images in
     * @param perturbation relative size of a random change of every parameter beforehand; 0 for none
     * @param seed what the change is drawn from
     */
    public Map<String, double[]> run(Device device, Precision precision, double perturbation, long seed) {
        Variables variables = new Variables(network);
        load(device, variables, perturbation, new SplittableRandom(seed));
        StoredTensor images = tensor("x");
        StoredTensor developmentImages = tensor("x_dev");
        StepGraph graph = StepGraph.of(
                new Learner(device, network, variables, new Sgd(number("momentum"), WEIGHT_DECAY, true)),
                Objective.lookingAhead(
                        loss, new DomainAdaptation(Reduction.SUM), Reduction.MEAN, ExampleLoss.CROSS_ENTROPY),
                ImageForm.NUMBERS,
                images.shape().dim(0),
                developmentImages.shape().dim(0));
        Map<String, Tensor> outputs = outputs(graph);
        try (Program program = Program.compile(
                device, List.copyOf(outputs.values()), graph.assignments(), ProgramOptions.of(precision))) {
            StepGraph.Development development = graph.development().orElseThrow();
            graph.examples().on(program, loss).set(channelsLast(images), labels("y"));
            program.set(graph.classWeights(), classWeights());
            program.set(graph.learningRate(), new double[] {number("lr")});
            development
                    .examples()
                    .on(program, ExampleLoss.CROSS_ENTROPY)
                    .set(channelsLast(developmentImages), labels("y_dev"));
            program.set(development.eta(), new double[] {number("eta")});
            program.set(development.tau(), new double[] {number("tau")});
            program.run();
            Map<String, double[]> results = new LinkedHashMap<>();
            outputs.forEach((name, tensor) -> results.put(name, channelsFirst(tensor.shape(), program.get(tensor))));
            read(device, variables.parameterVariables(), "next_theta/", results);
            read(device, variables.momentumVariables(), "next_momentum/", results);
            read(device, variables.stateVariables(), "next_state/", results);
            return results;
        }
    }

    /**
     * Returns the largest relative error of each kind of quantity: ‖result − golden‖ / ‖golden‖ per tensor, in the
     * Euclidean norm, the largest over the tensors of a kind. Gradients of which the file holds norms only are compared
     * by their norms.
     *
     * @param results what {@link #run} returned
     */
    public Map<String, Double> errors(Map<String, double[]> results) {
        Map<String, Double> errors = new LinkedHashMap<>();
        results.forEach((name, values) -> {
            String kind = name.split("/", 2)[0];
            String normName = name.replaceFirst("^(v|grad)/", "$1_norm/");
            if (content.tensors().containsKey(name)) {
                errors.merge(kind, distance(values, tensor(name).doubles()), Math::max);
            } else if (!normName.equals(name) && content.tensors().containsKey(normName)) {
                double golden = tensor(normName).doubles()[0];
                errors.merge(kind + "_norm", Math.abs(norm(values) - golden) / golden, Math::max);
            }
        });
        return errors;
    }

    /**
     * Returns the largest relative change of each kind of quantity between two runs.
     *
     * @param left what {@link #run} returned
     * @param right what it returned another time
     */
    public Map<String, Double> changes(Map<String, double[]> left, Map<String, double[]> right) {
        Map<String, Double> changes = new LinkedHashMap<>();
        left.forEach((name, values) -> {
            String kind = name.split("/", 2)[0];
            changes.merge(kind, distance(right.get(name), values), Math::max);
            if (kind.equals("v") || kind.equals("grad")) {
                double norm = norm(values);
                changes.merge(kind + "_norm", Math.abs(norm(right.get(name)) - norm) / norm, Math::max);
            }
        });
        return changes;
    }

    private Map<String, Tensor> outputs(StepGraph graph) {
        LookAhead lookAhead = graph.weighting().lookAhead().orElseThrow();
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("logits", graph.logits());
        outputs.put("losses", graph.losses());
        outputs.put("dev_loss", lookAhead.developmentLoss());
        outputs.put("eps_grad", lookAhead.weightGradient());
        outputs.put("weights", graph.weighting().weights());
        outputs.put("loss", graph.loss());
        put(outputs, "lookahead/", lookAhead.params());
        put(outputs, "v/", lookAhead.developmentGradient());
        put(outputs, "grad/", graph.gradient());
        return outputs;
    }

    private static void put(Map<String, Tensor> outputs, String prefix, Params params) {
        params.asMap().forEach((name, tensor) -> outputs.put(prefix + name, tensor));
    }

    private void load(Device device, Variables variables, double perturbation, SplittableRandom random) {
        variables.parameterVariables().forEach((name, variable) -> {
            double[] values = channelsLast(tensor("theta/" + name));
            for (int i = 0; i < values.length && perturbation > 0; i++) {
                values[i] *= 1 + (random.nextBoolean() ? perturbation : -perturbation);
            }
            write(device, variable, values);
        });
        variables
                .stateVariables()
                .forEach((name, variable) -> write(device, variable, channelsLast(tensor("state/" + name))));
        variables.momentumVariables().forEach((name, variable) -> {
            StoredTensor momentum = content.tensors().get("momentum/" + name);
            int size = (int) variable.type().shape().size();
            write(device, variable, momentum == null ? new double[size] : channelsLast(momentum));
        });
    }

    private void write(Device device, Variable variable, double[] values) {
        if (values.length != variable.type().shape().size()) {
            throw new UserError(file + ": " + variable.name() + " has " + values.length + " numbers, the network's is "
                    + variable.type());
        }
        device.variable(variable).write(values);
    }

    private void read(Device device, Map<String, Variable> variables, String prefix, Map<String, double[]> results) {
        variables.forEach((name, variable) -> {
            double[] values = new double[(int) variable.type().shape().size()];
            device.variable(variable).read(values);
            results.put(prefix + name, channelsFirst(variable.type().shape(), values));
        });
    }

    private double[] classWeights() {
        double[] ofClass = tensor("class_weights").doubles();
        int[] labels = labels("y");
        double[] weights = new double[labels.length];
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= ofClass.length) {
                throw new UserError(
                        file + ": label " + labels[i] + " of image " + i + " is not in 0…" + (ofClass.length - 1));
            }
            weights[i] = ofClass[labels[i]];
        }
        return weights;
    }

    private int[] labels(String name) {
        long[] values = tensor(name).longs();
        int[] labels = new int[values.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = Math.toIntExact(values[i]);
        }
        return labels;
    }

    private double number(String key) {
        return number(file, key, content.metadata().get(key));
    }

    private static double number(Path file, String key, String value) {
        try {
            return Double.parseDouble(String.valueOf(value));
        } catch (NumberFormatException e) {
            throw new UserError(file + ": metadata '" + key + "' must be a number, is '" + value + "'");
        }
    }

    private StoredTensor tensor(String name) {
        return tensor(file, content, name);
    }

    private static StoredTensor tensor(Path file, Safetensors content, String name) {
        StoredTensor tensor = content.tensors().get(name);
        if (tensor == null) {
            throw new UserError(file + ": tensor '" + name + "' is missing; a golden step has it");
        }
        return tensor;
    }

    static double[] channelsLast(StoredTensor tensor) {
        Shape shape = tensor.shape();
        return shape.rank() == 4
                ? swapped(tensor.doubles(), shape.dim(0), shape.dim(1), shape.dim(2) * shape.dim(3))
                : tensor.doubles();
    }

    static double[] channelsFirst(Shape shape, double[] values) {
        return shape.rank() == 4 ? swapped(values, shape.dim(0), shape.dim(1) * shape.dim(2), shape.dim(3)) : values;
    }

    /** Transposes each of {@code count} matrices (rows, columns). */
    private static double[] swapped(double[] values, int count, int rows, int columns) {
        double[] result = new double[values.length];
        for (int n = 0; n < count; n++) {
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    result[(n * columns + c) * rows + r] = values[(n * rows + r) * columns + c];
                }
            }
        }
        return result;
    }

    private static double distance(double[] result, double[] golden) {
        double[] difference = new double[golden.length];
        for (int i = 0; i < golden.length; i++) {
            difference[i] = result[i] - golden[i];
        }
        double scale = norm(golden);
        return scale == 0 ? norm(difference) : norm(difference) / scale;
    }

    private static double norm(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }
}
