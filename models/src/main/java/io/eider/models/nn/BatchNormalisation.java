package io.eider.models.nn;

import static io.eider.engine.op.primitive.Sqrt.sqrt;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.fused.BatchNorm;
import io.eider.engine.op.fused.ChannelAffine;
import java.util.List;

/**
 * Batch normalisation of (…, C), with an optional residual and rectification: y = [relu](γ (x − μ)/√(σ² + ε) + β [+ residual]).
 *
 * <p>In train mode μ and σ² are mean and biased variance of the batch, over the m values that share a channel, and the
 * running statistics become 0.9·running + 0.1·batch, with the unbiased variance σ²·m/(m − 1). In eval mode μ and σ² are
 * the running statistics. Parameters: {@code <name>.weight} γ (C), starts at 1; {@code <name>.bias} β (C), starts at 0.
 * Statistics: {@code <name>.running_mean} (C), starts at 0; {@code <name>.running_var} (C), starts at 1.
 *
 * @param name prefix of parameters and statistics
 * @param channels C
 * @param relu whether negative results become 0
 */
public record BatchNormalisation(String name, int channels, boolean relu) {
    /** Added to the variance. */
    public static final double EPSILON = 1e-5;

    /** Part of the batch's statistics in the running statistics. */
    public static final double MOMENTUM = 0.1;

    /** Returns γ and β. */
    public List<Declaration> parameters() {
        return List.of(declare(".weight", 1), declare(".bias", 0));
    }

    /** Returns running mean and variance. */
    public List<Declaration> statistics() {
        return List.of(declare(".running_mean", 0), declare(".running_var", 1));
    }

    /**
     * Applies the layer without a residual.
     *
     * @throws IllegalArgumentException in train mode, if a channel has fewer than 2 values
     */
    public Activation apply(Params params, State state, Tensor x, Mode mode) {
        return apply(params, state, mode, x);
    }

    /**
     * Applies the layer and adds a residual of x's shape before rectification.
     *
     * @throws IllegalArgumentException in train mode, if a channel has fewer than 2 values
     */
    public Activation apply(Params params, State state, Tensor x, Tensor residual, Mode mode) {
        return apply(params, state, mode, x, residual);
    }

    private Activation apply(Params params, State state, Mode mode, Tensor... xAndResidual) {
        return mode == Mode.TRAIN ? train(params, state, xAndResidual) : eval(params, state, xAndResidual);
    }

    private Activation train(Params params, State state, Tensor[] xAndResidual) {
        double values = (double) xAndResidual[0].shape().size() / channels;
        if (values < 2) {
            throw new IllegalArgumentException(name + " needs at least 2 values a channel in train mode, got "
                    + xAndResidual[0].type() + ": the variance of one value is not defined; use a larger batch");
        }
        Tensor[] outputs = new Node(
                        new BatchNorm(EPSILON, xAndResidual.length == 2, relu),
                        operands(params.get(name + ".weight"), params.get(name + ".bias"), xAndResidual))
                .outputs();
        State next = state.with(meanName(), step(state.get(meanName()), outputs[1]))
                .with(varianceName(), step(state.get(varianceName()), outputs[2].times(values / (values - 1))));
        return new Activation(outputs[0], next);
    }

    private Activation eval(Params params, State state, Tensor[] xAndResidual) {
        Tensor scale = params.get(name + ".weight")
                .dividedBy(sqrt(state.get(varianceName()).plus(EPSILON)));
        Tensor shift = params.get(name + ".bias").minus(state.get(meanName()).times(scale));
        Node affine = new Node(new ChannelAffine(xAndResidual.length == 2, relu), operands(scale, shift, xAndResidual));
        return new Activation(affine.output(0), state);
    }

    private static List<Tensor> operands(Tensor scale, Tensor shift, Tensor[] xAndResidual) {
        return xAndResidual.length == 2
                ? List.of(xAndResidual[0], scale, shift, xAndResidual[1])
                : List.of(xAndResidual[0], scale, shift);
    }

    private static Tensor step(Tensor running, Tensor batch) {
        return running.times(1 - MOMENTUM).plus(batch.times(MOMENTUM));
    }

    private Declaration declare(String suffix, double value) {
        return new Declaration(name + suffix, TensorType.f32(channels), Initialiser.constant(value));
    }

    private String meanName() {
        return name + ".running_mean";
    }

    private String varianceName() {
        return name + ".running_var";
    }
}
