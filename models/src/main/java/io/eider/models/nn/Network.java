package io.eider.models.nn;

import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A classifier as a pure function of its parameters, its running statistics and a batch. Evaluating it at other
 * parameters is applying it to them; nothing is copied and nothing is changed.
 */
public interface Network {
    /**
     * What a network gives.
     *
     * @param logits scores (N, C)
     * @param state running statistics after the batch; the ones that went in, in eval mode
     */
    record Output(Tensor logits, State state) {}

    /**
     * Applies the network.
     *
     * @param params parameters, with the names of {@link #parameters()}
     * @param state running statistics, with the names of {@link #statistics()}
     * @param x images (N, H, W, 3)
     * @param mode which statistics batch normalisation uses
     * @return logits (N, C), new state
     * @throws IllegalArgumentException if a name is missing or a shape does not fit
     */
    Output apply(Params params, State state, Tensor x, Mode mode);

    /** Returns the parameters, in the order of files and of {@link Params}. */
    List<Declaration> parameters();

    /** Returns the running statistics, in the order of files and of {@link State}. */
    List<Declaration> statistics();

    /** Returns names and types of the parameters, in order. */
    default Map<String, TensorType> parameterTypes() {
        return types(parameters());
    }

    /** Returns names and types of the running statistics, in order. */
    default Map<String, TensorType> stateTypes() {
        return types(statistics());
    }

    /** Returns how many numbers the parameters are. */
    default long parameterCount() {
        return parameters().stream()
                .mapToLong(parameter -> parameter.type().shape().size())
                .sum();
    }

    private static Map<String, TensorType> types(List<Declaration> declarations) {
        Map<String, TensorType> types = new LinkedHashMap<>();
        declarations.forEach(declaration -> types.put(declaration.name(), declaration.type()));
        return Names.copy(types);
    }
}
