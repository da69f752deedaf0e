package io.eider.engine.op.fused;

import static io.eider.engine.op.primitive.Sqrt.sqrt;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.FusedOp;
import io.eider.engine.op.primitive.Broadcast;
import io.eider.engine.op.primitive.Cast;
import io.eider.engine.op.primitive.Fill;
import io.eider.engine.op.primitive.Relu;
import io.eider.engine.op.primitive.Sum;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Batch normalisation with the statistics of the batch, then an optional addition and rectification:
 * y = [relu](γ (x − μ) / √(σ² + epsilon) + β [+ residual]).
 *
 * <p>Inputs: x (…, C), γ (C), β (C), and if {@code residual} one more of x's shape. Outputs: y (…, C), mean μ (C),
 * biased variance σ² (C), both over all axes but the last. Derivatives go through the statistics. Running statistics
 * are no part of it. Ioffe and Szegedy 2015.
 *
 * @param epsilon added to the variance
 * @param residual whether a fourth input is added
 * @param relu whether negative results become 0
 */
public record BatchNorm(double epsilon, boolean residual, boolean relu) implements FusedOp {
    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        TensorType channels = Channels.check(
                this,
                inputs,
                residual ? "xccx" : "xcc",
                "x (…, C), gamma (C), beta (C)" + (residual ? ", residual (…, C)" : ""));
        return List.of(inputs.get(0), channels, channels);
    }

    @Override
    public Tensor[] decompose(Tensor[] stored) {
        Tensor[] inputs = Channels.widened(stored);
        Tensor x = inputs[0];
        Tensor mean = meanOverRows(x);
        Tensor centred = x.minus(mean);
        Tensor variance = meanOverRows(centred.times(centred));
        Tensor y = centred.times(inputs[1].times(inverseDeviation(variance, epsilon)))
                .plus(inputs[2]);
        y = residual ? y.plus(inputs[3]) : y;
        return new Tensor[] {Cast.cast(relu ? Relu.relu(y) : y, stored[0].dtype()), mean, variance};
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        Tensor x = node.input(0);
        Tensor[] result = new Tensor[node.inputs().size()];
        if (cotangents[0] != null) {
            List<Tensor> inputs =
                    new ArrayList<>(List.of(x, node.input(1), node.output(1), node.output(2), cotangents[0]));
            if (relu) {
                inputs.add(node.output(0));
            }
            Node gradient = new Node(new BatchNormGradient(epsilon, residual, relu), inputs);
            System.arraycopy(gradient.outputs(), 0, result, 0, result.length);
        }
        double rows = rows(x);
        if (cotangents[1] != null) {
            Tensor everywhere = Broadcast.broadcast(cotangents[1].times(1 / rows), x.shape());
            result[0] = add(result[0], Cast.cast(everywhere, x.dtype()));
        }
        if (cotangents[2] != null) {
            Tensor centred = Cast.cast(x, node.output(1).dtype()).minus(node.output(1));
            result[0] = add(result[0], Cast.cast(centred.times(cotangents[2].times(2 / rows)), x.dtype()));
        }
        return result;
    }

    @Override
    public Tensor[] jvp(Node node, Tensor[] tangents) {
        List<Tensor> inputs = new ArrayList<>(List.of(node.input(0), node.input(1), node.output(1), node.output(2)));
        for (int i = 0; i < tangents.length; i++) {
            inputs.add(
                    tangents[i] != null
                            ? tangents[i]
                            : Fill.fill(0, node.input(i).type()));
        }
        if (relu) {
            inputs.add(node.output(0));
        }
        return new Node(new BatchNormTangent(epsilon, residual, relu), inputs).outputs();
    }

    @Override
    public long flops(Node node) {
        return 7 * node.type(0).shape().size();
    }

    /** Returns the number of rows that statistics are taken over. */
    static double rows(Tensor x) {
        return (double) x.shape().size() / x.shape().dim(-1);
    }

    /** Returns the sum over all axes but the last. */
    static Tensor sumOverRows(Tensor x) {
        return Sum.sum(x, IntStream.range(0, x.shape().rank() - 1).toArray());
    }

    /** Returns the mean over all axes but the last. */
    static Tensor meanOverRows(Tensor x) {
        return sumOverRows(x).times(1 / rows(x));
    }

    /** Returns 1/√(variance + epsilon). */
    static Tensor inverseDeviation(Tensor variance, double epsilon) {
        return Fill.fill(1, variance.type()).dividedBy(sqrt(variance.plus(epsilon)));
    }

    private static Tensor add(Tensor left, Tensor right) {
        return left == null ? right : left.plus(right);
    }
}
