package io.eider.engine.op;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.TensorType;
import java.util.List;

/** A primitive y_i = f(a_i, b_i): two floating inputs of one type, one output of that type. */
public interface BinaryElementwise extends Primitive {
    /** Returns f(a, b). */
    double of(double a, double b);

    @Override
    default List<TensorType> infer(List<TensorType> inputs) {
        if (inputs.size() != 2 || !inputs.get(0).dtype().isFloating()) {
            throw new ShapeException(this, inputs, "it takes two floating tensors");
        }
        if (!inputs.get(0).equals(inputs.get(1))) {
            throw new ShapeException(this, inputs, "types must be equal; repeat the smaller one with broadcast");
        }
        return inputs.subList(0, 1);
    }

    @Override
    default void reference(Node node, double[][] inputs, double[][] outputs) {
        for (int i = 0; i < outputs[0].length; i++) {
            outputs[0][i] = of(inputs[0][i], inputs[1][i]);
        }
    }
}
