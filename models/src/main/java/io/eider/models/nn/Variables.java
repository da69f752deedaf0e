package io.eider.models.nn;

import io.eider.engine.backend.Device;
import io.eider.engine.graph.Graph.Assignment;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.Variable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Where the numbers of one network live between steps: a variable for each parameter, for its momentum, and for each
 * running statistic, all ordered as the network declares them. The numbers themselves are on devices.
 */
public final class Variables {
    private final Network network;
    private final Map<String, Variable> parameters;
    private final Map<String, Variable> momenta;
    private final Map<String, Variable> statistics;
    private final Params params;
    private final Params momentum;
    private final State state;

    /** Creates variables for a network; zero on every device until initialised or written. */
    public Variables(Network network) {
        this.network = network;
        this.parameters = create(network.parameters(), "");
        this.momenta = create(network.parameters(), "momentum/");
        this.statistics = create(network.statistics(), "");
        // Read once: gradients go by identity, so a second read of a parameter would be another tensor.
        this.params = Params.of(reads(parameters));
        this.momentum = Params.of(reads(momenta));
        this.state = State.of(reads(statistics));
    }

    /** Returns the network. */
    public Network network() {
        return network;
    }

    /** Returns the parameters at the start of the step; the same tensors at every call. */
    public Params params() {
        return params;
    }

    /** Returns the momentum of each parameter, under its name, at the start of the step; the same tensors at every call. */
    public Params momentum() {
        return momentum;
    }

    /** Returns the running statistics at the start of the step; the same tensors at every call. */
    public State state() {
        return state;
    }

    /** Returns the variables of the parameters, by name, in order. */
    public Map<String, Variable> parameterVariables() {
        return parameters;
    }

    /** Returns the variables of the momentum, by the name of their parameter, in order. */
    public Map<String, Variable> momentumVariables() {
        return momenta;
    }

    /** Returns the variables of the running statistics, by name, in order. */
    public Map<String, Variable> stateVariables() {
        return statistics;
    }

    /** Returns the assignments that leave these parameters in the variables. */
    public List<Assignment> assignParams(Params next) {
        return assign(parameters, next.asMap());
    }

    /** Returns the assignments that leave these momenta in the variables. */
    public List<Assignment> assignMomentum(Params next) {
        return assign(momenta, next.asMap());
    }

    /** Returns the assignments that leave these running statistics in the variables. */
    public List<Assignment> assignState(State next) {
        return assign(statistics, next.asMap());
    }

    /**
     * Gives parameters and running statistics the numbers that the network declares, and momentum zeros. Each parameter
     * draws from its own sequence, split off the seed in the network's order: same seed, same bits, on every device.
     */
    public void initialise(Device device, long seed) {
        SplittableRandom root = new SplittableRandom(seed);
        network.parameters().forEach(parameter -> draw(device, parameters, parameter, root.split()));
        network.statistics().forEach(statistic -> draw(device, statistics, statistic, root.split()));
        momenta.values().forEach(variable -> device.variable(variable).write(new float[size(variable)]));
    }

    /** Returns a copy of the numbers of variables, by name, in order; row-major, filters (O, H, W, I). */
    public static Map<String, float[]> read(Device device, Map<String, Variable> variables) {
        Map<String, float[]> numbers = new LinkedHashMap<>();
        variables.forEach((name, variable) -> {
            float[] values = new float[size(variable)];
            device.variable(variable).read(values);
            numbers.put(name, values);
        });
        return numbers;
    }

    /**
     * Copies numbers into variables.
     *
     * @throws IllegalArgumentException if a name is missing or unknown, or a count differs; then nothing is written
     */
    public static void write(Device device, Map<String, Variable> variables, Map<String, float[]> numbers) {
        numbers.forEach((name, values) -> {
            Variable variable = Names.get(variables, "variable", name);
            if (values.length != size(variable)) {
                throw new IllegalArgumentException(variable + " cannot take " + values.length + " numbers");
            }
        });
        variables.keySet().forEach(name -> Names.get(numbers, "numbers", name));
        variables.forEach((name, variable) -> device.variable(variable).write(numbers.get(name)));
    }

    private static List<Assignment> assign(Map<String, Variable> variables, Map<String, Tensor> next) {
        List<Assignment> assignments = new ArrayList<>();
        variables.forEach(
                (name, variable) -> assignments.add(new Assignment(variable, Names.get(next, "tensor", name))));
        return List.copyOf(assignments);
    }

    private static void draw(
            Device device, Map<String, Variable> variables, Declaration declaration, SplittableRandom random) {
        Variable variable = variables.get(declaration.name());
        device.variable(variable).write(declaration.initialiser().draw(size(variable), random));
    }

    private static Map<String, Tensor> reads(Map<String, Variable> variables) {
        Map<String, Tensor> reads = new LinkedHashMap<>();
        variables.forEach((name, variable) -> reads.put(name, variable.read()));
        return reads;
    }

    private static int size(Variable variable) {
        return Math.toIntExact(variable.type().shape().size());
    }

    private static Map<String, Variable> create(List<Declaration> declarations, String prefix) {
        Map<String, Variable> variables = new LinkedHashMap<>();
        declarations.forEach(declaration ->
                variables.put(declaration.name(), new Variable(prefix + declaration.name(), declaration.type())));
        return Names.copy(variables);
    }
}
