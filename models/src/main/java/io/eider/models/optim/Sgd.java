package io.eider.models.optim;

import io.eider.engine.graph.Graph.Assignment;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.fused.SgdStep;
import io.eider.models.nn.Params;
import io.eider.models.nn.Variables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Stochastic gradient descent with momentum and weight decay; the formula stands in {@link SgdStep}.
 *
 * @param momentum part of the old momentum that stays
 * @param weightDecay strength of the pull towards zero
 * @param nesterov whether to look one momentum step ahead
 * @param undecayed names of parameters that weight decay leaves alone
 */
public record Sgd(double momentum, double weightDecay, boolean nesterov, Set<String> undecayed) {
    /** Copies the names. */
    public Sgd {
        undecayed = Set.copyOf(undecayed);
    }

    /** Creates the rule that decays every parameter. */
    public Sgd(double momentum, double weightDecay, boolean nesterov) {
        this(momentum, weightDecay, nesterov, Set.of());
    }

    /**
     * One step.
     *
     * @param params the parameters after it
     * @param assignments leave them, and the new momentum, in the variables
     */
    public record Update(Params params, List<Assignment> assignments) {}

    /**
     * Returns one step: new parameters and new momentum.
     *
     * @param variables where parameters and momentum live
     * @param gradients one gradient a parameter
     * @param learningRate f32 scalar; usually an input, so that a schedule does not recompile
     * @throws IllegalArgumentException if a gradient is missing or has another shape
     */
    public Update step(Variables variables, Params gradients, Tensor learningRate) {
        Map<String, Tensor> params = new LinkedHashMap<>();
        List<Assignment> assignments = new ArrayList<>();
        variables.parameterVariables().forEach((name, variable) -> {
            SgdStep op = new SgdStep(momentum, undecayed.contains(name) ? 0 : weightDecay, nesterov);
            Tensor p = variables.params().get(name);
            Tensor b = variables.momentum().get(name);
            Tensor[] next = new Node(op, List.of(p, b, gradients.get(name), learningRate)).outputs();
            params.put(name, next[0]);
            assignments.add(new Assignment(variable, next[0]));
            assignments.add(new Assignment(variables.momentumVariables().get(name), next[1]));
        });
        return new Update(Params.of(params), List.copyOf(assignments));
    }
}
