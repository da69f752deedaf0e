package io.eider.engine.op;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import java.util.List;

/** A primitive without inputs: what graphs begin with. */
public interface Leaf extends Primitive {
    /** Returns the type of its value. */
    TensorType type();

    @Override
    default List<TensorType> infer(List<TensorType> inputs) {
        if (!inputs.isEmpty()) {
            throw new ShapeException(this, inputs, "it takes no inputs");
        }
        return List.of(type());
    }

    @Override
    default Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[0];
    }

    @Override
    default Tensor[] jvp(Node node, Tensor[] tangents) {
        return new Tensor[1];
    }

    @Override
    default long flops(Node node) {
        return 0;
    }
}
