package io.eider.experiments.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.Variable;
import io.eider.engine.io.Safetensors;
import io.eider.engine.io.StoredTensor;
import io.eider.engine.program.Program;
import io.eider.experiments.config.ConfigFiles;
import io.eider.experiments.config.Settings;
import io.eider.experiments.weighting.ClassWeights;
import io.eider.models.nn.Params;
import io.eider.models.nn.Variables;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One training step of every row of the paper's table, with the settings that a run has, against PyTorch in 64 bits: {@code
 * golden/table_rows.py} in the test resources, which differentiates twice where we go forward.
 */
class TableRowsTest {
    private static final String CASES = """
            ce                        | method=uniform
            ce-recipe-b               | method=uniform nesterov=false weight-decay=0.0002
            cb-ce                     | method=class-balanced
            cb-ce-weighted-mean       | method=class-balanced reduction=weighted-mean
            focal                     | method=uniform loss=focal
            focal-gamma2              | method=uniform loss=focal gamma=2
            focal-gamma05             | method=uniform loss=focal gamma=0.5
            sigmoid-focal             | method=uniform loss=sigmoid-focal
            cb-focal                  | method=class-balanced loss=sigmoid-focal
            ldam                      | method=uniform loss=ldam
            ldam-drw                  | method=class-balanced loss=ldam reduction=weighted-mean
            balanced-softmax          | method=uniform loss=balanced-softmax
            l2rw                      | method=l2rw reduction=sum
            l2rw-all-negative         | method=l2rw reduction=sum
            mwn                       | method=meta-weight-net reduction=sum
            mwn-detached              | method=meta-weight-net look-ahead-reduction=mean weighting-normalised=false weighting-detached=true
            ours-ce                   | method=ours
            ours-ce-mean-look-ahead   | method=ours look-ahead-reduction=mean
            ours-ce-tau0              | method=ours tau=0
            ours-focal                | method=ours loss=focal
            ours-focal-dev-focal      | method=ours loss=focal development-loss=training
            ours-ldam                 | method=ours loss=ldam
            ours-ldam-dev-ldam        | method=ours loss=ldam development-loss=training
            ours-balanced-softmax     | method=ours loss=balanced-softmax
            """;

    private static final int CLASSES = 10;

    /** A gradient has been through twenty layers of sums whose terms cancel; the worst found is half of this. */
    private static final double SINGLE = 64 * 0x1p-23;

    /**
     * Some rectifiers of these networks lie within 2e-7 of their kink and may fall on either side in 32 bits. A flip is gone
     * when every parameter moves by half a unit in its last place, for one draw or another; a defect is not.
     */
    private static final double HALF_UNIT = 0x1p-24;

    private static Safetensors golden;

    @BeforeAll
    static void read() throws IOException, URISyntaxException {
        golden = Safetensors.read(Path.of(TableRowsTest.class
                .getResource("/golden/table-rows.safetensors")
                .toURI()));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = CASES)
    void aStepIsPyTorchs(String name, String settings) {
        try (Device reference = Devices.open("reference", 1);
                Device cpu = Devices.open("cpu", 2)) {
            Map<String, Double> exact = errors(name, settings, reference, 0, 0);
            Map<String, Double> single = errors(name, settings, cpu, 0, 0);
            System.out.printf("%-24s reference %.1e, cpu %.1e%n", name, largest(exact), largest(single));
            assertThat(exact)
                    .hasSizeGreaterThanOrEqualTo(9)
                    .allSatisfy((kind, error) -> assertThat(error).as(kind).isLessThan(1e-9));
            assertThat(single)
                    .allSatisfy((kind, error) -> assertThat(error < SINGLE ? error : beside(name, settings, cpu, kind))
                            .as(kind)
                            .isLessThan(SINGLE));
        }
    }

    @Tag("cuda")
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = CASES)
    void aStepOnCudaIsPyTorchs(String name, String settings) {
        try (Device cuda = Devices.open("cuda", 1)) {
            assertThat(errors(name, settings, cuda, 0, 0))
                    .hasSizeGreaterThanOrEqualTo(9)
                    .allSatisfy((kind, error) -> assertThat(error < SINGLE ? error : beside(name, settings, cuda, kind))
                            .as(kind)
                            .isLessThan(SINGLE));
        }
    }

    @Test
    void everyCaseOfTheScriptIsCompared() {
        assertThat(CASES.lines()
                        .map(line -> line.substring(0, line.indexOf('|')).strip()))
                .containsExactlyInAnyOrder(golden.metadata().get("cases").split(",", -1));
    }

    /** The smallest error of a quantity over four changes of the parameters by half a unit. */
    private static double beside(String name, String settings, Device device, String kind) {
        return LongStream.rangeClosed(1, 4)
                .mapToDouble(
                        seed -> errors(name, settings, device, HALF_UNIT, seed).get(kind))
                .min()
                .orElseThrow();
    }

    private static double largest(Map<String, Double> errors) {
        return errors.values().stream().max(Double::compare).orElseThrow();
    }

    /**
     * The largest error of each kind of quantity, relative to the quantity's Euclidean norm.
     *
     * @param perturbation relative size of a random change of every parameter beforehand
     * @param seed what the change is drawn from
     */
    private static Map<String, Double> errors(
            String name, String settings, Device device, double perturbation, long seed) {
        TrainConfig config = config(settings);
        int[] counts = ints("counts");
        Learner learner = TrainingRun.learner(config, CLASSES, device);
        load(learner, perturbation, new SplittableRandom(seed));
        int stage = config.method() == Method.UNIFORM ? 1 : 2;
        Objective objective = StageSteps.objective(config, learner, stage, counts);
        StepGraph graph = StepGraph.of(learner, objective, ImageForm.NUMBERS, ints("y").length, ints("y_dev").length);
        Map<String, Tensor> outputs = outputs(graph);
        outputs.keySet().removeIf(quantity -> !golden.tensors().containsKey(name + "/" + quantity));
        List<Tensor> wanted = new ArrayList<>(outputs.values());
        wanted.addAll(graph.gradient().tensors());
        Map<String, Double> errors = new LinkedHashMap<>();
        try (Program program = Program.compile(device, wanted, graph.assignments())) {
            set(program, graph, objective, config, name, counts);
            program.run();
            outputs.forEach((quantity, tensor) ->
                    errors.put(quantity, distance(program.get(tensor), doubles(name + "/" + quantity))));
            checkGradient(name, learner, graph.gradient(), program, errors);
        }
        dots(name, "next_theta_dot", device, learner.variables().parameterVariables(), errors);
        dots(name, "next_momentum_dot", device, learner.variables().momentumVariables(), errors);
        dots(name, "next_state_dot", device, learner.variables().stateVariables(), errors);
        learner.weightingNetwork().ifPresent(psi -> {
            whole(name, "next_", device, psi.parameterVariables(), "weighting/", errors);
            whole(name, "next_", device, psi.momentumVariables(), "weighting_momentum/", errors);
        });
        return errors;
    }

    private static TrainConfig config(String settings) {
        ObjectNode tree = ConfigFiles.defaults();
        Settings.put(tree, "depth=8");
        Settings.put(tree, "weighting-lr=" + golden.metadata().get("lr_weighting"));
        Arrays.stream(settings.split(" ", -1)).forEach(setting -> Settings.put(tree, setting));
        return TrainConfig.of(tree, "the test");
    }

    private static Map<String, Tensor> outputs(StepGraph graph) {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("logits", graph.logits());
        outputs.put("losses", graph.losses());
        outputs.put("weights", graph.weighting().weights());
        outputs.put("loss", graph.loss());
        graph.weighting().lookAhead().ifPresent(lookAhead -> {
            outputs.put("dev_loss", lookAhead.developmentLoss());
            outputs.put("eps_grad", lookAhead.weightGradient());
        });
        return outputs;
    }

    private static void set(
            Program program, StepGraph graph, Objective objective, TrainConfig config, String name, int[] counts) {
        graph.examples().on(program, objective.loss()).set(GoldenStep.channelsLast(tensor("x")), ints("y"));
        if (program.reads(graph.classWeights())) {
            boolean byClass = config.method() == Method.CLASS_BALANCED || config.method() == Method.OURS;
            double[] ofClass = ClassWeights.effectiveNumber(counts, byClass ? config.beta() : 0);
            program.set(
                    graph.classWeights(),
                    Arrays.stream(ints("y")).mapToDouble(y -> ofClass[y]).toArray());
        }
        program.set(graph.learningRate(), number("lr"));
        graph.development().ifPresent(development -> {
            String labels = name + "/y_dev";
            development
                    .examples()
                    .on(program, objective.developmentLoss())
                    .set(
                            GoldenStep.channelsLast(tensor("x_dev")),
                            ints(golden.tensors().containsKey(labels) ? labels : "y_dev"));
            program.set(development.eta(), number("eta"));
            if (program.reads(development.tau())) {
                program.set(development.tau(), number("tau"));
            }
        });
    }

    private static double[] number(String key) {
        return new double[] {Double.parseDouble(golden.metadata().get(key))};
    }

    /** What the file holds of a gradient: the norm of each tensor, and its product with a fixed vector. */
    private static void checkGradient(
            String name, Learner learner, Params gradient, Program program, Map<String, Double> errors) {
        double[] norms = doubles(name + "/grad_norm");
        double[] dots = doubles(name + "/grad_dot");
        int i = 0;
        for (String parameter : learner.variables().params().names()) {
            Tensor tensor = gradient.get(parameter);
            double[] values = GoldenStep.channelsFirst(tensor.shape(), program.get(tensor));
            double scale = norms[i] == 0 ? 1 : norms[i];
            errors.merge("grad_norm", Math.abs(norm(values) - norms[i]) / scale, Math::max);
            errors.merge("grad_dot", Math.abs(dot(values) - dots[i]) / scale, Math::max);
            i++;
        }
        assertThat(i).isEqualTo(norms.length);
    }

    private static void dots(
            String name, String kind, Device device, Map<String, Variable> variables, Map<String, Double> errors) {
        double[] expected = doubles(name + "/" + kind);
        int i = 0;
        for (Variable variable : variables.values()) {
            double[] values = read(device, variable);
            errors.merge(kind, Math.abs(dot(values) - expected[i++]) / norm(values), Math::max);
        }
        assertThat(i).isEqualTo(expected.length);
    }

    private static void whole(
            String name,
            String prefix,
            Device device,
            Map<String, Variable> variables,
            String folder,
            Map<String, Double> errors) {
        variables.forEach((parameter, variable) -> {
            String stored = name + "/" + prefix + folder + parameter.substring("weighting/".length());
            errors.merge(prefix + folder, distance(read(device, variable), doubles(stored)), Math::max);
        });
    }

    private static void load(Learner learner, double perturbation, SplittableRandom random) {
        Variables variables = learner.variables();
        variables.parameterVariables().forEach((name, variable) -> {
            double[] values = GoldenStep.channelsLast(fitting("theta", name, variable));
            learner.device()
                    .variable(variable)
                    .write(Arrays.stream(values)
                            .map(value -> value * (1 + (random.nextBoolean() ? perturbation : -perturbation)))
                            .toArray());
        });
        variables
                .momentumVariables()
                .forEach((name, variable) -> write(learner, variable, fitting("momentum", name, variable)));
        variables.stateVariables().forEach((name, variable) -> write(learner, variable, tensor("state/" + name)));
        learner.weightingNetwork().ifPresent(psi -> {
            psi.parameterVariables().forEach((name, variable) -> write(learner, variable, tensor(name)));
            psi.momentumVariables()
                    .forEach((name, variable) ->
                            write(learner, variable, tensor(name.replace("weighting/", "weighting_momentum/"))));
        });
    }

    /** The tensor of a parameter in the linear or the normalised head. */
    private static StoredTensor fitting(String folder, String name, Variable variable) {
        boolean normalised =
                name.equals("linear.weight") && variable.type().shape().equals(Shape.of(64, CLASSES));
        return tensor(folder + (normalised ? "_normalised/" : "/") + name);
    }

    private static void write(Learner learner, Variable variable, StoredTensor tensor) {
        learner.device().variable(variable).write(GoldenStep.channelsLast(tensor));
    }

    private static double[] read(Device device, Variable variable) {
        Shape shape = variable.type().shape();
        double[] values = new double[(int) shape.size()];
        device.variable(variable).read(values);
        return GoldenStep.channelsFirst(shape, values);
    }

    private static StoredTensor tensor(String name) {
        assertThat(golden.tensors()).containsKey(name);
        return golden.tensors().get(name);
    }

    private static double[] doubles(String name) {
        return tensor(name).doubles();
    }

    private static int[] ints(String name) {
        return Arrays.stream(tensor(name).longs()).mapToInt(Math::toIntExact).toArray();
    }

    /** ⟨values, r⟩ with the script's r_k = cos(0.7 k + 0.3). */
    private static double dot(double[] values) {
        double sum = 0;
        for (int k = 0; k < values.length; k++) {
            sum += values[k] * Math.cos(0.7 * k + 0.3);
        }
        return sum;
    }

    private static double distance(double[] found, double[] expected) {
        double[] difference = new double[expected.length];
        for (int i = 0; i < expected.length; i++) {
            difference[i] = found[i] - expected[i];
        }
        double scale = norm(expected);
        return norm(difference) / (scale == 0 ? 1 : scale);
    }

    private static double norm(double[] values) {
        return Math.sqrt(Arrays.stream(values).map(value -> value * value).sum());
    }
}
