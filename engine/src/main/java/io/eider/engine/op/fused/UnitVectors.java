package io.eider.engine.op.fused;

import static io.eider.engine.op.primitive.Positive.positive;
import static io.eider.engine.op.primitive.Relu.relu;
import static io.eider.engine.op.primitive.Sqrt.sqrt;
import static io.eider.engine.op.primitive.Sum.sum;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.FusedOp;
import io.eider.engine.op.primitive.Fill;
import io.eider.engine.op.primitive.Reshape;
import java.util.List;

/**
 * Vectors scaled to length 1: y = x / max(‖x‖, 1e-12) along an axis of a matrix. For cosines: {@code
 * matmul(unitVectors(h, 1), unitVectors(w, 0))} (Cao et al. 2019).
 *
 * <p>Input and output: (r, c). With r = max(‖x‖, 1e-12), ẏ = (ẋ − y ⟨y, ẋ⟩)/r, and the same for cotangents; a vector
 * shorter than 1e-12 is divided by a constant, so ẏ = ẋ/r. ‖x‖² must not overflow.
 *
 * @param axis along which a vector lies: 1 for rows, 0 for columns
 */
public record UnitVectors(int axis) implements FusedOp {
    /** Below it a length counts as it; squared it is a normal number in 32 bits. */
    private static final double SHORTEST = 1e-12;

    /** Returns the vectors along an axis of a matrix, scaled to length 1. */
    public static Tensor unitVectors(Tensor x, int axis) {
        return new UnitVectors(axis).apply(x);
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (inputs.size() != 1
                || inputs.get(0).shape().rank() != 2
                || !inputs.get(0).dtype().isFloating()
                || axis < 0
                || axis > 1) {
            throw new ShapeException(this, inputs, "it takes a floating matrix (r, c), and axis is 0 or 1");
        }
        return inputs;
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        return new Tensor[] {inputs[0].times(inverseLength(beyondShortest(inputs[0])))};
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[] {projected(node, cotangents[0])};
    }

    @Override
    public Tensor[] jvp(Node node, Tensor[] tangents) {
        return new Tensor[] {projected(node, tangents[0])};
    }

    @Override
    public long flops(Node node) {
        return 3 * node.type(0).shape().size();
    }

    /** The derivative is symmetric, so tangents and cotangents have one rule. */
    private Tensor projected(Node node, Tensor direction) {
        Tensor beyond = beyondShortest(node.input(0));
        Tensor y = node.output(0);
        Tensor along = alongAxis(y.times(direction)).times(positive(beyond));
        return direction.minus(y.times(along)).times(inverseLength(beyond));
    }

    /** ‖x‖² − 1e-24. */
    private Tensor beyondShortest(Tensor x) {
        return alongAxis(x.times(x)).plus(-SHORTEST * SHORTEST);
    }

    /** The bound is on the square, whose root would have no derivative at 0. */
    private static Tensor inverseLength(Tensor beyond) {
        Tensor squared = relu(beyond).plus(SHORTEST * SHORTEST);
        return Fill.fill(1, squared.type()).dividedBy(sqrt(squared));
    }

    private Tensor alongAxis(Tensor matrix) {
        int rows = axis == 0 ? 1 : matrix.shape().dim(0);
        int columns = axis == 1 ? 1 : matrix.shape().dim(1);
        return Reshape.reshape(sum(matrix, axis), Shape.of(rows, columns));
    }
}
