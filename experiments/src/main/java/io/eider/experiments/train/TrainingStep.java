package io.eider.experiments.train;

import io.eider.engine.graph.Tensor;
import io.eider.engine.program.Precision;
import io.eider.engine.program.Program;
import io.eider.experiments.weighting.DomainAdaptation;
import io.eider.experiments.weighting.Reduction;
import io.eider.experiments.weighting.WeightingRule.LookAhead;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One training step, compiled for one batch size: set the batch, run, read the losses. Steps of other batch sizes share
 * the learner's variables and the device's memory.
 */
public final class TrainingStep implements AutoCloseable {
    private final StepGraph graph;
    private final Program program;
    private final ExampleInputs.Setter examples;
    private final Optional<ExampleInputs.Setter> development;
    private final Optional<Tensor> moved;
    private final double[] scalar = new double[1];
    private double uploadedTau;
    private double tau;

    private TrainingStep(Learner learner, Objective objective, ImageForm form, int batch, int developmentBatch) {
        this.graph = StepGraph.of(learner, objective, form, batch, developmentBatch);
        this.moved = graph.weighting()
                .lookAhead()
                .filter(lookAhead -> learner.precision() == Precision.BF16)
                .map(lookAhead -> RoundedLookAhead.moved(learner.variables().params(), lookAhead.params()));
        this.program = Program.compile(learner.device(), outputs(), graph.assignments(), learner.options());
        this.examples = graph.examples().on(program, objective.loss());
        this.development =
                graph.development().map(inputs -> inputs.examples().on(program, objective.developmentLoss()));
    }

    private List<Tensor> outputs() {
        List<Tensor> outputs = new ArrayList<>(
                List.of(graph.loss(), graph.losses(), graph.weighting().weights(), graph.logits()));
        graph.weighting().lookAhead().ifPresent(lookAhead -> outputs.add(lookAhead.weightGradient()));
        moved.ifPresent(outputs::add);
        return outputs;
    }

    /**
     * Compiles a step.
     *
     * @param form how images come in
     * @param batch training images n
     * @param developmentBatch development images; of no meaning where the objective does not look ahead
     */
    static TrainingStep of(Learner learner, Objective objective, ImageForm form, int batch, int developmentBatch) {
        return new TrainingStep(learner, objective, form, batch, developmentBatch);
    }

    /**
     * Compiles the step θ ← θ − lr·∇ (1/n) Σ w_{y_i} l_i(θ) of cross-entropy, by the learner's update rule.
     *
     * @param form how images come in
     * @param batch n
     */
    public static TrainingStep weighted(Learner learner, ImageForm form, int batch) {
        return of(learner, Objective.byClass(ExampleLoss.CROSS_ENTROPY, Reduction.MEAN), form, batch, 0);
    }

    /**
     * Compiles the step of the method's stage 2 with cross-entropy.
     *
     * @param method the rule that corrects the weights
     * @param form how images come in
     * @param batch n
     * @param developmentBatch images in a development batch
     */
    public static TrainingStep domainAdaptation(
            Learner learner, DomainAdaptation method, ImageForm form, int batch, int developmentBatch) {
        return of(
                learner,
                Objective.lookingAhead(ExampleLoss.CROSS_ENTROPY, method, Reduction.MEAN, ExampleLoss.CROSS_ENTROPY),
                form,
                batch,
                developmentBatch);
    }

    /**
     * Sets the training batch of a step that takes pixels.
     *
     * @param pixels unsigned bytes, (n, 32, 32, 3) row-major
     * @param draws how each image is cropped and flipped, (n, 3): {@link io.eider.experiments.data.Augmentation}
     * @param labels (n)
     * @param weights w_{y_i} (n); ones for plain training
     */
    public void batch(byte[] pixels, int[] draws, int[] labels, float[] weights) {
        examples.set(pixels, draws, labels);
        setClassWeights(weights);
    }

    /**
     * Sets the training batch of a step that takes numbers.
     *
     * @param images normalised, (n, 32, 32, 3) row-major
     * @param labels (n)
     * @param weights w_{y_i} (n); ones for plain training
     */
    public void batch(float[] images, int[] labels, float[] weights) {
        examples.set(images, labels);
        setClassWeights(weights);
    }

    private void setClassWeights(float[] weights) {
        if (program.reads(graph.classWeights())) {
            program.set(graph.classWeights(), weights);
        }
    }

    /**
     * Sets the development batch of a step that takes pixels.
     *
     * @param pixels unsigned bytes, (m, 32, 32, 3) row-major
     * @param draws how each image is cropped and flipped, (m, 3)
     * @param labels (m)
     * @throws java.util.NoSuchElementException if the step has none
     */
    public void developmentBatch(byte[] pixels, int[] draws, int[] labels) {
        development.orElseThrow().set(pixels, draws, labels);
    }

    /**
     * Sets the development batch of a step that takes numbers.
     *
     * @param images normalised, (m, 32, 32, 3) row-major
     * @param labels (m)
     * @throws java.util.NoSuchElementException if the step has none
     */
    public void developmentBatch(float[] images, int[] labels) {
        development.orElseThrow().set(images, labels);
    }

    /**
     * Sets the step sizes and begins to bring them, and the batches, to the device, also while a run goes on.
     *
     * @param learningRate step size of the update
     * @param eta step size of the look-ahead; without effect where there is none
     * @param tau step size of ε; without effect where there is none
     */
    void upload(double learningRate, double eta, double tau) {
        uploadedTau = tau;
        set(graph.learningRate(), learningRate);
        if (graph.development().isPresent()) {
            set(graph.development().get().eta(), eta);
            set(graph.development().get().tau(), tau);
        }
        program.upload();
    }

    /** Begins a run with what was uploaded; then the next batches may be set. */
    void start() {
        program.start();
        tau = uploadedTau;
    }

    /**
     * Waits for the run: parameters, momentum and running statistics have new values after it.
     *
     * @throws io.eider.engine.op.InvalidExampleException if an example cannot be computed with; nothing is updated. Thrown by
     *     {@link #start} on a device that runs at once
     */
    void await() {
        program.await();
    }

    /**
     * Runs the step with the batches last set: {@link #upload}, {@link #start} and {@link #await}.
     *
     * @param learningRate step size of the update
     * @param eta step size of the look-ahead; without effect where there is none
     * @param tau step size of ε; without effect where there is none
     * @throws io.eider.engine.op.InvalidExampleException if an example cannot be computed with; nothing is updated
     */
    public void run(double learningRate, double eta, double tau) {
        upload(learningRate, eta, tau);
        start();
        await();
    }

    /** Returns the loss that the last run descended: weight · loss over the batch, reduced; in nats. */
    public double loss() {
        program.get(graph.loss(), scalar);
        return scalar[0];
    }

    /**
     * Returns the share of filter weights that the look-ahead of the last run moved to other numbers of bf16, in 0…1; nothing
     * where filters are read in f32 or there is no look-ahead.
     */
    public OptionalDouble lookAheadMoved() {
        if (moved.isEmpty()) {
            return OptionalDouble.empty();
        }
        program.get(moved.get(), scalar);
        return OptionalDouble.of(scalar[0]);
    }

    /** Copies out the unweighted losses of the last run (n), in nats. */
    public void losses(float[] target) {
        program.get(graph.losses(), target);
    }

    /** Copies out the final weights of the last run (n): w_{y_i}, or what the rule made of them. */
    public void weights(float[] target) {
        program.get(graph.weighting().weights(), target);
    }

    /**
     * Copies out the conditional weights ε_i = −τ ∂L_D/∂ε_i of the last run (n), which are too small beside w_{y_i} to be
     * told from the final weights.
     *
     * @throws java.util.NoSuchElementException if the step looks at no development batch
     */
    public void epsilon(float[] target) {
        LookAhead lookAhead = graph.weighting().lookAhead().orElseThrow();
        program.get(lookAhead.weightGradient(), target);
        for (int i = 0; i < target.length; i++) {
            target[i] *= (float) -tau;
        }
    }

    /** Copies out the logits of the last run (n, C). */
    public void logits(float[] target) {
        program.get(graph.logits(), target);
    }

    /** Returns the size of the memory that the steps of the program share, in bytes. */
    public long arenaBytes() {
        return program.arenaBytes();
    }

    /** Returns the program's table of steps. */
    public String explain() {
        return program.explain();
    }

    /**
     * Runs once, updates included, with the values last set, and returns the table with measured times. {@link #epsilon} goes by
     * the τ of the last {@link #run}.
     */
    public String profile() {
        return program.profile();
    }

    @Override
    public void close() {
        program.close();
    }

    /** A rule need not depend on every step size. */
    private void set(Tensor input, double value) {
        if (program.reads(input)) {
            scalar[0] = value;
            program.set(input, scalar);
        }
    }
}
