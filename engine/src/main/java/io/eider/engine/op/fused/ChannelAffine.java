package io.eider.engine.op.fused;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.FusedOp;
import io.eider.engine.op.primitive.Cast;
import io.eider.engine.op.primitive.Relu;
import java.util.List;

/**
 * Scale and shift per channel, then an optional addition and rectification: y = [relu](x · scale + shift [+ residual]).
 * This is batch normalisation with given statistics.
 *
 * <p>Inputs: x (…, C), scale (C), shift (C), and if {@code residual} one more of x's shape. Output: y (…, C).
 *
 * @param residual whether a fourth input is added
 * @param relu whether negative results become 0
 */
public record ChannelAffine(boolean residual, boolean relu) implements FusedOp {
    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        Channels.check(
                this,
                inputs,
                residual ? "xccx" : "xcc",
                "x (…, C), scale (C), shift (C)" + (residual ? ", residual (…, C)" : ""));
        return inputs.subList(0, 1);
    }

    @Override
    public Tensor[] decompose(Tensor[] stored) {
        Tensor[] inputs = Channels.widened(stored);
        Tensor y = inputs[0].times(inputs[1]).plus(inputs[2]);
        y = residual ? y.plus(inputs[3]) : y;
        return new Tensor[] {Cast.cast(relu ? Relu.relu(y) : y, stored[0].dtype())};
    }

    @Override
    public long flops(Node node) {
        return 2 * node.type(0).shape().size();
    }
}
