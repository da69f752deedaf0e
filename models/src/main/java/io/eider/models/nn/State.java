package io.eider.models.nn;

import io.eider.engine.graph.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Ordered, named running statistics of a network, as values: a network in train mode returns a new state, and what
 * becomes of it is the caller's choice. Immutable.
 */
public final class State {
    private final Map<String, Tensor> tensors;

    private State(Map<String, Tensor> tensors) {
        this.tensors = Names.copy(tensors);
    }

    /** Returns the state with these names and tensors, in the map's order. */
    public static State of(Map<String, Tensor> tensors) {
        return new State(tensors);
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
        return Names.get(tensors, "statistic", name);
    }

    /**
     * Returns this state with one tensor replaced.
     *
     * @throws IllegalArgumentException if there is none of that name, or it has another type
     */
    public State with(String name, Tensor value) {
        if (!get(name).type().equals(value.type())) {
            throw new IllegalArgumentException(
                    "statistic " + name + " is " + get(name).type() + " and cannot become " + value.type());
        }
        Map<String, Tensor> replaced = new LinkedHashMap<>(tensors);
        replaced.put(name, value);
        return new State(replaced);
    }

    @Override
    public String toString() {
        return "State" + tensors;
    }
}
