package io.eider.engine.op.primitive;

import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Linear;
import java.util.List;

/**
 * The same numbers in another floating type, rounded where it is narrower. Rounding counts as the identity in
 * derivatives, so the op is linear.
 *
 * @param dtype the new element type
 */
public record Cast(DType dtype) implements Linear {
    /**
     * Returns x in another floating type; x itself where it has that type. What was widened from that type is taken from
     * before the widening.
     */
    public static Tensor cast(Tensor x, DType dtype) {
        if (x.dtype() == dtype) {
            return x;
        }
        boolean widened = x.node().op() instanceof Cast
                && x.node().input(0).dtype() == dtype
                && dtype.bytes() < x.dtype().bytes();
        return widened ? x.node().input(0) : new Cast(dtype).apply(x);
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (inputs.size() != 1 || !inputs.get(0).dtype().isFloating() || !dtype.isFloating()) {
            throw new ShapeException(this, inputs, "it makes one floating tensor of one floating tensor");
        }
        return List.of(inputs.get(0).withDType(dtype));
    }

    @Override
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        for (int i = 0; i < outputs[0].length; i++) {
            outputs[0][i] = dtype.stored(inputs[0][i]);
        }
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[] {cast(cotangents[0], node.input(0).dtype())};
    }

    @Override
    public long flops(Node node) {
        return 0;
    }
}
