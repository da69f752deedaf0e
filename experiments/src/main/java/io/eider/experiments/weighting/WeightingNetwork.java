package io.eider.experiments.weighting;

import static io.eider.engine.op.primitive.Exp.exp;
import static io.eider.engine.op.primitive.Relu.relu;
import static io.eider.engine.op.primitive.StopGradient.stopGradient;

import io.eider.engine.graph.Shape;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.primitive.Reshape;
import io.eider.models.nn.Declaration;
import io.eider.models.nn.Initialiser;
import io.eider.models.nn.Linear;
import io.eider.models.nn.Mode;
import io.eider.models.nn.Network;
import io.eider.models.nn.Params;
import io.eider.models.nn.State;
import java.util.List;

/**
 * From the loss of an example to its weight: V(l) = σ(W₂ relu(W₁ l + b₁) + b₂), one hidden layer of 100. Its parameters
 * are drawn from U(−1/√inputs, 1/√inputs). Shu et al., NeurIPS 2019; resnet.py of the class-imbalance code.
 */
public record WeightingNetwork() implements Network {
    private static final int HIDDEN = 100;
    private static final Linear FIRST = new Linear("weighting/hidden", HIDDEN, 1);
    private static final Linear SECOND = new Linear("weighting/output", 1, HIDDEN);

    /** Returns the weights V(l_i) (n) of losses (n), each in (0, 1). */
    public Tensor weights(Params psi, Tensor losses) {
        int n = losses.shape().dim(0);
        return Reshape.reshape(weigh(psi, Reshape.reshape(losses, Shape.of(n, 1))), Shape.of(n));
    }

    /** Takes losses as a matrix (N, 1) and gives their weights as a matrix (N, 1). */
    @Override
    public Output apply(Params psi, State state, Tensor losses, Mode mode) {
        return new Output(weigh(psi, losses), state);
    }

    @Override
    public List<Declaration> parameters() {
        return List.of(
                uniform("weighting/hidden.weight", 1, HIDDEN, 1),
                uniform("weighting/hidden.bias", 1, HIDDEN),
                uniform("weighting/output.weight", HIDDEN, 1, HIDDEN),
                uniform("weighting/output.bias", HIDDEN, 1));
    }

    @Override
    public List<Declaration> statistics() {
        return List.of();
    }

    private static Tensor weigh(Params psi, Tensor losses) {
        return logistic(SECOND.apply(psi, relu(FIRST.apply(psi, losses))));
    }

    private static Declaration uniform(String name, int inputs, int... dims) {
        return new Declaration(name, TensorType.f32(dims), Initialiser.uniform(1 / Math.sqrt(inputs)));
    }

    /** Returns 1/(1 + e⁻ᶻ) as a softmax of z and 0, shifted so that no exponential overflows. */
    private static Tensor logistic(Tensor z) {
        Tensor top = stopGradient(relu(z));
        Tensor numerator = exp(z.minus(top));
        return numerator.dividedBy(numerator.plus(exp(top.negate())));
    }
}
