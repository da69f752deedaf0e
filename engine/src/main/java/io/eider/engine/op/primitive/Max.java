package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Primitive;
import java.util.Arrays;
import java.util.List;

/**
 * Largest element over axes, which vanish from the shape; −∞ over an axis of extent 0. At a tie the derivative is
 * shared equally.
 *
 * @param axes axes of the input, ascending
 */
public record Max(List<Integer> axes) implements Primitive {
    /** Creates the op. */
    public Max {
        axes = List.copyOf(axes);
    }

    /** Returns the largest element over the given axes. */
    public static Tensor max(Tensor x, int... axes) {
        return new Max(Arrays.stream(axes).boxed().sorted().toList()).apply(x);
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        return List.of(Sum.reduced(this, inputs, axes));
    }

    @Override
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        Arrays.fill(outputs[0], Double.NEGATIVE_INFINITY);
        int[] target = Sum.targets(node.input(0).shape(), axes);
        for (int i = 0; i < inputs[0].length; i++) {
            outputs[0][target[i]] = Math.max(outputs[0][target[i]], inputs[0][i]);
        }
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[] {
            share(node).times(Sum.repeat(cotangents[0], node.input(0).shape(), axes))
        };
    }

    @Override
    public Tensor[] jvp(Node node, Tensor[] tangents) {
        return new Tensor[] {new Sum(axes).apply(share(node).times(tangents[0]))};
    }

    @Override
    public long flops(Node node) {
        return node.input(0).shape().size();
    }

    /** What part of the result's derivative each element has: 1 / number of ties where it is largest, else 0. */
    private Tensor share(Node node) {
        Tensor x = node.input(0);
        Tensor largest = Equal.equal(x, Sum.repeat(node.output(0), x.shape(), axes));
        return largest.dividedBy(Sum.repeat(new Sum(axes).apply(largest), x.shape(), axes));
    }
}
