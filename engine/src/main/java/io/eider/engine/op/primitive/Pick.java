package io.eider.engine.op.primitive;

import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.InvalidExampleException;
import io.eider.engine.op.Linear;
import io.eider.engine.op.Primitive;
import java.util.List;

/**
 * Chooses one column per row: y_i = x[i, label_i]. x is (n, C), labels are i32 (n) in 0…C−1, y is (n). Linear in x; its
 * adjoint is {@link Place}.
 */
public record Pick() implements Linear {
    /** Returns x[i, label_i] for each row i. */
    public static Tensor pick(Tensor x, Tensor labels) {
        return new Pick().apply(x, labels);
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (inputs.size() != 2
                || inputs.get(0).shape().rank() != 2
                || !inputs.get(0).dtype().isFloating()
                || inputs.get(1).dtype() != DType.I32
                || !inputs.get(1).shape().equals(Shape.of(inputs.get(0).shape().dim(0)))) {
            throw new ShapeException(this, inputs, "it takes a floating matrix (n, C) and i32 labels (n)");
        }
        return List.of(inputs.get(0).withShape(inputs.get(1).shape()));
    }

    @Override
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        int classes = node.input(0).shape().dim(1);
        for (int i = 0; i < outputs[0].length; i++) {
            outputs[0][i] = inputs[0][i * classes + label(this, inputs[1], i, classes)];
        }
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[] {new Place(node.input(0).shape().dim(1)).apply(cotangents[0], node.input(1)), null};
    }

    static int label(Primitive op, double[] labels, int example, int classes) {
        int label = (int) labels[example];
        if (label < 0 || label >= classes) {
            throw new InvalidExampleException(
                    op.name(), example, "has label " + label + ", which is not in 0…" + (classes - 1));
        }
        return label;
    }
}
