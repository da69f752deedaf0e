package io.eider.experiments.train;

import static io.eider.engine.op.primitive.Input.input;

import io.eider.engine.graph.Graph.Assignment;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.experiments.weighting.Reduction;
import io.eider.experiments.weighting.TrainingBatch;
import io.eider.experiments.weighting.WeightingRule;
import io.eider.models.nn.Mode;
import io.eider.models.nn.Network;
import io.eider.models.nn.Params;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One training step as a graph, from inputs to assignments.
 *
 * @param examples inputs of the training batch
 * @param classWeights input w_{y_i} (n)
 * @param learningRate input, scalar
 * @param development inputs of rules that look ahead
 * @param logits z(θ) in train mode (n, C)
 * @param losses l_i(θ) (n)
 * @param weighting what the rule decided
 * @param loss the weighted losses, reduced; a scalar
 * @param gradient ∇loss
 * @param assignments new parameters, momentum, running statistics, and what the rule learned
 */
record StepGraph(
        ExampleInputs examples,
        Tensor classWeights,
        Tensor learningRate,
        Optional<Development> development,
        Tensor logits,
        Tensor losses,
        WeightingRule.Weighting weighting,
        Tensor loss,
        Params gradient,
        List<Assignment> assignments) {
    /**
     * Inputs of rules that look ahead.
     *
     * @param examples the development batch
     * @param eta step size of the look-ahead, scalar
     * @param tau step size of ε, scalar
     */
    record Development(ExampleInputs examples, Tensor eta, Tensor tau) {}

    /**
     * Builds the step.
     *
     * @param learner what is trained, and how it is updated
     * @param objective what is descended
     * @param form how images come in
     * @param batch training images n
     * @param developmentBatch development images; of no meaning where the objective does not look ahead
     */
    static StepGraph of(Learner learner, Objective objective, ImageForm form, int batch, int developmentBatch) {
        ExampleInputs examples = ExampleInputs.of("", form, batch, objective.loss());
        Tensor classWeights = input("class weights", TensorType.f32(batch));
        Tensor learningRate = input("learning rate", TensorType.f32());
        Optional<Development> development = objective.looksAhead()
                ? Optional.of(new Development(
                        ExampleInputs.of("development ", form, developmentBatch, objective.developmentLoss()),
                        input("eta", TensorType.f32()),
                        input("tau", TensorType.f32())))
                : Optional.empty();
        Params theta = learner.variables().params();
        Network.Output output =
                learner.network().apply(theta, learner.variables().state(), examples.images(), Mode.TRAIN);
        Tensor losses = objective.loss().of(output.logits(), examples);
        WeightingRule.Weighting weighting = objective
                .rule()
                .weigh(new TrainingBatch(
                        theta,
                        losses,
                        classWeights,
                        development
                                .map(inputs -> development(learner, objective, inputs))
                                .orElse(null)));
        // The losses are the nodes that a look-ahead used: computed once.
        Tensor loss = objective.reduction().reduce(weighting.weights(), losses);
        Params gradient = Params.gradients(loss, theta);
        List<Assignment> assignments = new ArrayList<>(
                learner.sgd().step(learner.variables(), gradient, learningRate).assignments());
        assignments.addAll(learner.variables().assignState(output.state()));
        assignments.addAll(weighting.assignments());
        return new StepGraph(
                examples,
                classWeights,
                learningRate,
                development,
                output.logits(),
                losses,
                weighting,
                loss,
                gradient,
                List.copyOf(assignments));
    }

    private static TrainingBatch.Development development(Learner learner, Objective objective, Development inputs) {
        return new TrainingBatch.Development(
                params -> {
                    Tensor logits = learner.network()
                            .apply(
                                    params,
                                    learner.variables().state(),
                                    inputs.examples().images(),
                                    Mode.TRAIN)
                            .logits();
                    return Reduction.mean(objective.developmentLoss().of(logits, inputs.examples()));
                },
                inputs.eta(),
                inputs.tau());
    }
}
