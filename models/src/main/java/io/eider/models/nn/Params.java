package io.eider.models.nn;

import io.eider.engine.autodiff.Autodiff;
import io.eider.engine.graph.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/**
 * An ordered, named, immutable set of tensors: the parameters of a network, their gradient, a direction, or the
 * parameters after a step. A point of the space that a loss is a function of, with that space's arithmetic.
 */
public final class Params {
    private final Map<String, Tensor> tensors;

    private Params(Map<String, Tensor> tensors) {
        this.tensors = Names.copy(tensors);
    }

    /** Returns the set with these names and tensors, in the map's order. */
    public static Params of(Map<String, Tensor> tensors) {
        return new Params(tensors);
    }

    /**
     * Returns ∂loss/∂p for each p of {@code at}, of its shape; zeros where the loss does not depend on it.
     *
     * @param loss a scalar
     * @param at the parameters that the loss was computed from
     * @throws IllegalArgumentException if the loss is not a floating scalar
     */
    public static Params gradients(Tensor loss, Params at) {
        return at.withTensors(Autodiff.gradients(loss, at.tensors()));
    }

    /**
     * Returns the directional derivative of y when the parameters {@code at} move along a direction; of y's shape.
     *
     * @param y what was computed from the parameters
     * @param at the parameters that y was computed from
     * @param direction their tangent, with the same names and shapes
     * @throws IllegalArgumentException if the names differ
     */
    public static Tensor jvp(Tensor y, Params at, Params direction) {
        at.checkNames(direction);
        return Autodiff.jvp(y, at.tensors(), direction.tensors());
    }

    /** Returns the names, in order. */
    public List<String> names() {
        return List.copyOf(tensors.keySet());
    }

    /** Returns the tensors, in order. */
    public List<Tensor> tensors() {
        return List.copyOf(tensors.values());
    }

    /** Returns names and tensors, in order; immutable. */
    public Map<String, Tensor> asMap() {
        return tensors;
    }

    /**
     * Returns one tensor.
     *
     * @throws IllegalArgumentException if there is none of that name; lists near names
     */
    public Tensor get(String name) {
        return Names.get(tensors, "parameter", name);
    }

    /** Returns the set with each tensor replaced by a function of it. */
    public Params map(UnaryOperator<Tensor> function) {
        return withTensors(tensors.values().stream().map(function).toList());
    }

    /**
     * Returns the set of a function of the tensors of this and another set, name by name.
     *
     * @throws IllegalArgumentException if the names or their order differ
     */
    public Params combine(Params other, BinaryOperator<Tensor> function) {
        checkNames(other);
        Map<String, Tensor> combined = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> combined.put(name, function.apply(tensor, other.get(name))));
        return new Params(combined);
    }

    /**
     * Returns this + other, name by name.
     *
     * @throws IllegalArgumentException if the names differ
     */
    public Params plus(Params other) {
        return combine(other, Tensor::plus);
    }

    /**
     * Returns this − other, name by name.
     *
     * @throws IllegalArgumentException if the names differ
     */
    public Params minus(Params other) {
        return combine(other, Tensor::minus);
    }

    /** Returns this · factor, where the factor is a scalar tensor. */
    public Params times(Tensor factor) {
        return map(tensor -> tensor.times(factor));
    }

    /** Returns this · factor. */
    public Params times(double factor) {
        return map(tensor -> tensor.times(factor));
    }

    @Override
    public String toString() {
        return "Params" + tensors;
    }

    private Params withTensors(List<Tensor> replacements) {
        Map<String, Tensor> replaced = new LinkedHashMap<>();
        for (String name : tensors.keySet()) {
            replaced.put(name, replacements.get(replaced.size()));
        }
        return new Params(replaced);
    }

    private void checkNames(Params other) {
        if (!names().equals(other.names())) {
            throw new IllegalArgumentException("two sets of parameters must have the same names in the same order, got "
                    + names() + " and " + other.names());
        }
    }
}
