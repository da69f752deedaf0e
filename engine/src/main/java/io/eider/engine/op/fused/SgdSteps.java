package io.eider.engine.op.fused;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.FusedOp;
import java.util.ArrayList;
import java.util.List;

/**
 * The same {@link SgdStep} of many parameters with one learning rate: a network has a hundred, most of them too small to
 * be worth a launch of their own.
 *
 * <p>Inputs: parameters p₁ … pₖ, momenta b₁ … bₖ, gradients g₁ … gₖ, the learning rate. Outputs: p′₁ … p′ₖ, b′₁ … b′ₖ.
 *
 * @param step what is done to each
 * @param count k, at least 1
 */
public record SgdSteps(SgdStep step, int count) implements FusedOp {
    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (inputs.size() != 3 * count + 1) {
            throw new ShapeException(
                    this, inputs, "give " + count + " parameters, momenta and gradients each, then the learning rate");
        }
        List<TensorType> parameters = new ArrayList<>();
        List<TensorType> momenta = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<TensorType> next;
            try {
                next = step.infer(of(inputs, i));
            } catch (ShapeException e) {
                throw new ShapeException(this, inputs, e.getMessage());
            }
            parameters.add(next.get(0));
            momenta.add(next.get(1));
        }
        parameters.addAll(momenta);
        return parameters;
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        Tensor[] outputs = new Tensor[2 * count];
        for (int i = 0; i < count; i++) {
            Node one = new Node(step, of(List.of(inputs), i));
            outputs[i] = one.output(0);
            outputs[count + i] = one.output(1);
        }
        return outputs;
    }

    @Override
    public long flops(Node node) {
        long elements = 0;
        for (int i = 0; i < count; i++) {
            elements += node.type(i).shape().size();
        }
        return 7 * elements;
    }

    /** Parameter, momentum and gradient of one of them, and the learning rate. */
    private <T> List<T> of(List<T> inputs, int index) {
        return List.of(
                inputs.get(index), inputs.get(count + index), inputs.get(2 * count + index), inputs.get(3 * count));
    }
}
