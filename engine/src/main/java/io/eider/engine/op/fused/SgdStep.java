package io.eider.engine.op.fused;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.FusedOp;
import java.util.List;

/**
 * One step of stochastic gradient descent: d = g + weightDecay·p, b′ = momentum·b + d, p′ = p − lr·(d + momentum·b′) if
 * {@code nesterov}, else p − lr·b′. The momentum starts at zero; there is no dampening (PyTorch's SGD).
 *
 * <p>Inputs: parameter p, momentum b, gradient g, all of one type, and the learning rate lr, a scalar of that element
 * type. Outputs: p′, b′.
 *
 * @param momentum part of the old momentum that stays
 * @param weightDecay strength of the pull towards zero
 * @param nesterov whether to look one momentum step ahead
 */
public record SgdStep(double momentum, double weightDecay, boolean nesterov) implements FusedOp {
    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (inputs.size() != 4
                || !inputs.get(0).dtype().isFloating()
                || !inputs.get(1).equals(inputs.get(0))
                || !inputs.get(2).equals(inputs.get(0))
                || !inputs.get(3).equals(inputs.get(0).withShape(Shape.SCALAR))) {
            throw new ShapeException(
                    this,
                    inputs,
                    "parameter, momentum and gradient must have one floating type, the learning rate is a scalar");
        }
        return List.of(inputs.get(0), inputs.get(0));
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor decayed = inputs[2].plus(inputs[0].times(weightDecay));
        Tensor next = inputs[1].times(momentum).plus(decayed);
        Tensor direction = nesterov ? decayed.plus(next.times(momentum)) : next;
        return new Tensor[] {inputs[0].minus(direction.times(inputs[3])), next};
    }

    @Override
    public long flops(Node node) {
        return 7 * node.type(0).shape().size();
    }
}
