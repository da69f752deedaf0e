package io.eider.experiments.train;

import static io.eider.engine.op.fused.CrossEntropy.crossEntropy;
import static io.eider.engine.op.primitive.Input.input;

import io.eider.engine.graph.Graph.Assignment;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.experiments.weighting.DomainAdaptation;
import io.eider.experiments.weighting.Reduction;
import io.eider.models.nn.Mode;
import io.eider.models.nn.Network;
import io.eider.models.nn.Params;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One training step as a graph, from inputs to assignments.
 *
 * @param images input (n, 32, 32, 3)
 * @param labels input i32 (n)
 * @param classWeights input w_{y_i} (n)
 * @param learningRate input, scalar
 * @param development the inputs that only the method has
 * @param logits z(θ) in train mode (n, C)
 * @param losses l_i(θ), cross-entropy (n)
 * @param correction what the method computes
 * @param weights final weights (n): w_{y_i}, or w_{y_i} + ε_i
 * @param loss mean of weights · losses, scalar
 * @param gradient ∇loss
 * @param assignments new parameters, momentum, and running statistics
 */
record StepGraph(
        Tensor images,
        Tensor labels,
        Tensor classWeights,
        Tensor learningRate,
        Optional<Development> development,
        Tensor logits,
        Tensor losses,
        Optional<DomainAdaptation.Correction> correction,
        Tensor weights,
        Tensor loss,
        Params gradient,
        List<Assignment> assignments) {
    /**
     * Inputs of the method.
     *
     * @param images development images (m, 32, 32, 3)
     * @param labels development labels, i32 (m)
     * @param eta step size of the look-ahead, scalar
     * @param tau step size of ε, scalar
     */
    record Development(Tensor images, Tensor labels, Tensor eta, Tensor tau) {
        static Development of(int batch) {
            return new Development(
                    StepGraph.images("development images", batch),
                    StepGraph.labels("development labels", batch),
                    input("eta", TensorType.f32()),
                    input("tau", TensorType.f32()));
        }
    }

    /** Returns the step that weighs examples by the class weights alone. */
    static StepGraph weighted(Learner learner, int batch) {
        return build(learner, batch, Optional.empty(), Optional.empty());
    }

    /** Returns the step of the method's stage 2. */
    static StepGraph domainAdaptation(Learner learner, DomainAdaptation method, int batch, int developmentBatch) {
        return build(learner, batch, Optional.of(method), Optional.of(Development.of(developmentBatch)));
    }

    private static StepGraph build(
            Learner learner, int batch, Optional<DomainAdaptation> method, Optional<Development> development) {
        Tensor images = images("images", batch);
        Tensor labels = labels("labels", batch);
        Tensor classWeights = input("class weights", TensorType.f32(batch));
        Tensor learningRate = input("learning rate", TensorType.f32());
        Params theta = learner.variables().params();
        Network.Output output =
                learner.network().apply(theta, learner.variables().state(), images, Mode.TRAIN);
        Tensor losses = crossEntropy(output.logits(), labels);
        Optional<DomainAdaptation.Correction> correction = method.map(rule -> rule.correct(
                learner.network(),
                theta,
                learner.variables().state(),
                losses,
                classWeights,
                development.orElseThrow().images(),
                development.orElseThrow().labels(),
                development.orElseThrow().eta(),
                development.orElseThrow().tau()));
        Tensor weights = correction.map(DomainAdaptation.Correction::weights).orElse(classWeights);
        // Step 6: the real update. The losses are the nodes that the look-ahead used: computed once.
        Tensor loss = Reduction.MEAN.reduce(weights.times(losses));
        Params gradient = Params.gradients(loss, theta);
        List<Assignment> assignments = new ArrayList<>(learner.sgd().step(learner.variables(), gradient, learningRate));
        assignments.addAll(learner.variables().assignState(output.state()));
        return new StepGraph(
                images,
                labels,
                classWeights,
                learningRate,
                development,
                output.logits(),
                losses,
                correction,
                weights,
                loss,
                gradient,
                List.copyOf(assignments));
    }

    private static Tensor images(String label, int batch) {
        return input(label, TensorType.f32(batch, 32, 32, 3));
    }

    private static Tensor labels(String label, int batch) {
        return input(label, TensorType.i32(batch));
    }
}
