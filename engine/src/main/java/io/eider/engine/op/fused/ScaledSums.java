package io.eider.engine.op.fused;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.FusedOp;
import java.util.List;

/**
 * a·xᵢ + yᵢ of many pairs of tensors with one a: with a = −η a look-ahead θ − η g of all parameters, most of which are too
 * small to be worth a launch of their own.
 *
 * <p>Inputs: x₁ … xₖ, then y₁ … yₖ, each yᵢ of xᵢ's type, all of one floating element type; then a, a scalar of that type.
 * Outputs: the k sums, of the types of the yᵢ.
 *
 * @param count k, at least 1
 */
public record ScaledSums(int count) implements FusedOp {
    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (inputs.size() != 2 * count + 1) {
            throw new ShapeException(this, inputs, "give " + count + " xs and ys each, then the factor");
        }
        List<TensorType> sums = inputs.subList(count, 2 * count);
        TensorType factor = inputs.get(2 * count);
        boolean alike =
                sums.equals(inputs.subList(0, count)) && sums.stream().allMatch(type -> type.dtype() == factor.dtype());
        if (!alike || !factor.shape().equals(Shape.SCALAR) || !factor.dtype().isFloating()) {
            throw new ShapeException(
                    this, inputs, "each y must have its x's type, and the factor be a scalar of that element type");
        }
        return sums;
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor[] sums = new Tensor[count];
        for (int i = 0; i < count; i++) {
            sums[i] = inputs[i].times(inputs[2 * count]).plus(inputs[count + i]);
        }
        return sums;
    }

    @Override
    public long flops(Node node) {
        return 2 * node.types().stream().mapToLong(type -> type.shape().size()).sum();
    }
}
