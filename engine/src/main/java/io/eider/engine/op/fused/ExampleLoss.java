package io.eider.engine.op.fused;

import static io.eider.engine.op.primitive.Pick.pick;
import static io.eider.engine.op.primitive.Place.place;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.FusedOp;
import java.util.ArrayList;
import java.util.List;

/**
 * The loss of each example, in nats, not reduced: l_i = L(z_i, y_i).
 *
 * <p>Inputs: logits z (n, C), labels y i32 (n) in 0…C−1, and if the loss has them margins (n). Output: losses (n). Any
 * finite logits give a finite loss. A label outside the classes stops the run with the example named.
 *
 * @param loss L
 */
public record ExampleLoss(LossFunction loss) implements FusedOp {
    @Override
    public String name() {
        return loss.name();
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        return List.of(Logits.check(this, loss, inputs, "", ""));
    }

    @Override
    public Tensor[] decompose(Tensor[] inputs) {
        return new Tensor[] {loss.decompose(inputs)};
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        List<Tensor> inputs = new ArrayList<>(node.inputs());
        inputs.add(cotangents[0]);
        Tensor gz = new ExampleLossGradient(loss).apply(inputs.toArray(Tensor[]::new));
        Tensor[] result = new Tensor[node.inputs().size()];
        result[0] = gz;
        if (loss.margins()) {
            result[2] = pick(gz, node.input(1)).negate();
        }
        return result;
    }

    @Override
    public Tensor[] jvp(Node node, Tensor[] tangents) {
        List<Tensor> inputs = new ArrayList<>(node.inputs());
        inputs.add(logitTangent(node, tangents));
        return new Tensor[] {new ExampleLossTangent(loss).apply(inputs.toArray(Tensor[]::new))};
    }

    /** A margin is taken from the label's logit, so its tangent is too. */
    private Tensor logitTangent(Node node, Tensor[] tangents) {
        if (!loss.margins() || tangents[2] == null) {
            return tangents[0];
        }
        int classes = node.input(0).shape().dim(1);
        Tensor margins = place(tangents[2], node.input(1), classes);
        return tangents[0] == null ? margins.negate() : tangents[0].minus(margins);
    }

    @Override
    public long flops(Node node) {
        return 4 * node.input(0).shape().size();
    }
}
