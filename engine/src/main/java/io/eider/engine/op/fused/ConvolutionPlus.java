package io.eider.engine.op.fused;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.FusedOp;
import io.eider.engine.op.primitive.Cast;
import io.eider.engine.op.primitive.Conv2d;
import io.eider.engine.op.primitive.Conv2dGradInput;
import java.util.List;

/**
 * A convolution, or its adjoint in the images, added to a tensor: y = convolution(a, w) + addend. The addend is read and
 * the sum written where the result is written anyway, which saves a pass over two images. In bf16 only the sum is rounded.
 *
 * <p>Inputs: the convolution's two, and an addend of its result's type. Output: the sum, of that type.
 *
 * @param convolution a {@link Conv2d} or a {@link Conv2dGradInput}
 */
public record ConvolutionPlus(Op convolution) implements FusedOp {
    /**
     * Checks the kind.
     *
     * @throws IllegalArgumentException if the op is none of the two
     */
    public ConvolutionPlus {
        if (!isConvolution(convolution)) {
            throw new IllegalArgumentException("only conv2d and conv2dGradInput can be added to, not " + convolution);
        }
    }

    /** Returns whether an op is one that can be added to. */
    public static boolean isConvolution(Op op) {
        return op instanceof Conv2d || op instanceof Conv2dGradInput;
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (inputs.size() != 3) {
            throw new ShapeException(this, inputs, "give the convolution's two inputs and the addend");
        }
        List<TensorType> sum;
        try {
            sum = convolution.infer(inputs.subList(0, 2));
        } catch (ShapeException e) {
            throw new ShapeException(this, inputs, e.getMessage());
        }
        if (!sum.get(0).equals(inputs.get(2))) {
            throw new ShapeException(this, inputs, "the addend must be of the convolution's type, " + sum.get(0));
        }
        return sum;
    }

    @Override
    public Tensor[] decompose(Tensor[] stored) {
        Tensor[] inputs = Channels.widened(stored);
        Tensor sum = product(List.of(inputs)).output(0).plus(inputs[2]);
        return new Tensor[] {Cast.cast(sum, stored[0].dtype())};
    }

    @Override
    public long flops(Node node) {
        return convolution.flops(product(node.inputs())) + node.type(0).shape().size();
    }

    private Node product(List<Tensor> inputs) {
        return new Node(convolution, inputs.subList(0, 2));
    }
}
