package io.eider.models.optim;

import io.eider.engine.graph.Graph.Assignment;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.fused.SgdStep;
import io.eider.models.nn.Params;
import io.eider.models.nn.Variables;
import java.util.ArrayList;
import java.util.List;

/**
 * Stochastic gradient descent with momentum and weight decay on every parameter; the formula stands in {@link SgdStep}.
 *
 * @param momentum part of the old momentum that stays
 * @param weightDecay strength of the pull towards zero
 * @param nesterov whether to look one momentum step ahead
 */
public record Sgd(double momentum, double weightDecay, boolean nesterov) {
    /**
     * Returns the assignments of one step: new parameters and new momentum.
     *
     * @param variables where parameters and momentum live
     * @param gradients one gradient a parameter
     * @param learningRate f32 scalar; usually an input, so that a schedule does not recompile
     * @throws IllegalArgumentException if a gradient is missing or has another shape
     */
    public List<Assignment> step(Variables variables, Params gradients, Tensor learningRate) {
        SgdStep op = new SgdStep(momentum, weightDecay, nesterov);
        List<Assignment> assignments = new ArrayList<>();
        variables.parameterVariables().forEach((name, variable) -> {
            Tensor p = variables.params().get(name);
            Tensor b = variables.momentum().get(name);
            Tensor[] next = new Node(op, List.of(p, b, gradients.get(name), learningRate)).outputs();
            assignments.add(new Assignment(variable, next[0]));
            assignments.add(new Assignment(variables.momentumVariables().get(name), next[1]));
        });
        return List.copyOf(assignments);
    }
}
