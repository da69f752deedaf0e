package io.eider.engine.op.primitive;

import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Linear;
import java.util.List;

/**
 * Puts one value into each row of zeros: x[i, label_i] = y_i. y is (n), labels are i32 (n) in 0…C−1, x is (n, C). Linear
 * in y; its adjoint is {@link Pick}.
 *
 * @param classes C
 */
public record Place(int classes) implements Linear {
    /** Returns a matrix (n, classes) that is y_i at (i, label_i) and 0 elsewhere. */
    public static Tensor place(Tensor y, Tensor labels, int classes) {
        return new Place(classes).apply(y, labels);
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (inputs.size() != 2
                || inputs.get(0).shape().rank() != 1
                || !inputs.get(0).dtype().isFloating()
                || inputs.get(1).dtype() != DType.I32
                || !inputs.get(0).shape().equals(inputs.get(1).shape())) {
            throw new ShapeException(this, inputs, "it takes floating values (n) and i32 labels (n)");
        }
        return List.of(inputs.get(0).withShape(Shape.of(inputs.get(0).shape().dim(0), classes)));
    }

    @Override
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        for (int i = 0; i < inputs[0].length; i++) {
            outputs[0][i * classes + Pick.label(this, inputs[1], i, classes)] = inputs[0][i];
        }
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[] {new Pick().apply(cotangents[0], node.input(1)), null};
    }
}
