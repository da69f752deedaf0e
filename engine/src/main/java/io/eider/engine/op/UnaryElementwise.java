package io.eider.engine.op;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.TensorType;
import java.util.List;

/** A primitive y_i = f(x_i): one floating input of any shape, one output of its type. */
public interface UnaryElementwise extends Primitive {
    /** Returns f(x). */
    double of(double x);

    @Override
    default List<TensorType> infer(List<TensorType> inputs) {
        if (inputs.size() != 1 || !inputs.get(0).dtype().isFloating()) {
            throw new ShapeException(this, inputs, "it takes one floating tensor");
        }
        return inputs;
    }

    @Override
    default void reference(Node node, double[][] inputs, double[][] outputs) {
        for (int i = 0; i < outputs[0].length; i++) {
            outputs[0][i] = of(inputs[0][i]);
        }
    }
}
