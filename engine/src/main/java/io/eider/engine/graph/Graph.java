package io.eider.engine.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What one run of a program computes: tensors to hand back and values to leave in variables.
 *
 * @param outputs tensors to hand back
 * @param assignments values that variables have after the run
 */
public record Graph(List<Tensor> outputs, List<Assignment> assignments) {
    /**
     * The value that a variable has after the run. Every read in the run sees the value from before.
     *
     * @param variable what is assigned
     * @param value its new value, of its type
     */
    public record Assignment(Variable variable, Tensor value) {
        /** Checks the types. */
        public Assignment {
            if (!variable.type().equals(value.type())) {
                throw new IllegalArgumentException(
                        "variable " + variable + " cannot take a value of type " + value.type());
            }
        }
    }

    /**
     * Creates a graph.
     *
     * @throws IllegalArgumentException if a variable is assigned twice
     */
    public Graph {
        outputs = List.copyOf(outputs);
        assignments = List.copyOf(assignments);
        Set<Variable> assigned = new HashSet<>();
        for (Assignment assignment : assignments) {
            if (!assigned.add(assignment.variable())) {
                throw new IllegalArgumentException(
                        "variable " + assignment.variable() + " is assigned twice in one run");
            }
        }
    }

    /** Returns outputs and assigned values, in that order. */
    public List<Tensor> results() {
        List<Tensor> results = new ArrayList<>(outputs);
        assignments.forEach(assignment -> results.add(assignment.value()));
        return results;
    }

    /** Returns every node that the results need, inputs before users, otherwise in the order of creation. */
    public List<Node> nodes() {
        Set<Node> seen = new LinkedHashSet<>();
        Deque<Node> open = new ArrayDeque<>();
        for (Tensor result : results()) {
            if (seen.add(result.node())) {
                open.push(result.node());
            }
        }
        while (!open.isEmpty()) {
            for (Tensor input : open.pop().inputs()) {
                if (seen.add(input.node())) {
                    open.push(input.node());
                }
            }
        }
        List<Node> nodes = new ArrayList<>(seen);
        nodes.sort((a, b) -> Long.compare(a.id(), b.id()));
        return nodes;
    }
}
