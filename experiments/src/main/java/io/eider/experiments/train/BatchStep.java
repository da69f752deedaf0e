package io.eider.experiments.train;

import io.eider.engine.op.InvalidExampleException;
import io.eider.experiments.data.Augmentation;
import io.eider.experiments.data.Batch;
import io.eider.experiments.data.ImageSet;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A compiled step for one batch size, with the arrays that go in and out of it; running allocates nothing. A batch is put in
 * while the one before runs.
 */
final class BatchStep implements AutoCloseable {
    private final TrainingStep step;
    private final float[] weightOfClass;
    private final boolean corrected;
    private final byte[] pixels;
    private final int[] draws;
    private Examples next;
    private Examples running;
    private final float[] classWeights;
    private final float[] weights;
    private final float[] losses;
    private final float[] logits;
    private final float[] epsilon;

    /** Which images a batch has, and their labels. */
    private static final class Examples {
        private final int[] indices;
        private final int[] labels;

        private Examples(int size) {
            indices = new int[size];
            labels = new int[size];
        }
    }

    /**
     * Creates the step's arrays.
     *
     * @param step compiled for {@code size} images; closed with this
     * @param size images in a batch
     * @param weightOfClass w_y (C)
     * @param corrected whether the step computes ε
     */
    BatchStep(TrainingStep step, int size, float[] weightOfClass, boolean corrected) {
        this.step = step;
        this.weightOfClass = weightOfClass;
        this.corrected = corrected;
        this.pixels = new byte[size * ImageSet.VALUES];
        this.draws = new int[size * Augmentation.DRAWS];
        this.next = new Examples(size);
        this.running = new Examples(size);
        this.classWeights = new float[size];
        this.weights = new float[size];
        this.losses = new float[size];
        this.logits = new float[size * weightOfClass.length];
        this.epsilon = new float[size];
    }

    /** Puts the training batch in. */
    void batch(Batch batch) {
        int size = weights.length;
        System.arraycopy(batch.labels(), 0, next.labels, 0, size);
        System.arraycopy(batch.indices(), 0, next.indices, 0, size);
        for (int i = 0; i < size; i++) {
            classWeights[i] = weightOfClass[next.labels[i]];
        }
        System.arraycopy(batch.pixels(), 0, pixels, 0, pixels.length);
        System.arraycopy(batch.draws(), 0, draws, 0, draws.length);
        step.batch(pixels, draws, next.labels, classWeights);
    }

    /** Puts the development batch in, which fills its buffer. */
    void developmentBatch(Batch batch) {
        step.developmentBatch(batch.pixels(), batch.draws(), batch.labels());
    }

    /**
     * Sets the step sizes, and says that all is in for the next run.
     *
     * @param learningRate step size of the update
     * @param eta step size of the look-ahead; without effect where there is none
     * @param tau step size of ε; without effect where there is none
     */
    void upload(double learningRate, double eta, double tau) {
        step.upload(learningRate, eta, tau);
    }

    /** Begins to run what is in. */
    void start() {
        Examples started = next;
        next = running;
        running = started;
        step.start();
    }

    /**
     * Waits for the run and adds what came out to the totals.
     *
     * @return the loss that was descended
     * @throws InvalidExampleException if an example's loss, or the batch's, is not finite; then nothing is added
     */
    double finish(EpochTotals totals, Optional<ExampleWeights> log) {
        step.await();
        step.losses(losses);
        checkFinite();
        double loss = step.loss();
        if (!Double.isFinite(loss)) {
            throw new InvalidExampleException("loss", 0, "is in a batch whose weighted loss is not finite: " + loss);
        }
        step.weights(weights);
        step.logits(logits);
        int[] labels = running.labels;
        totals.addLosses(losses, weights, labels, labels.length, Predictions.correct(logits, labels, labels.length));
        if (corrected) {
            step.epsilon(epsilon);
            totals.addEpsilon(epsilon, labels, labels.length);
        }
        if (log.isPresent()) {
            log.get().add(running.indices, labels, epsilon, weights, corrected, labels.length);
        }
        return loss;
    }

    /** Returns what {@link TrainingStep#lookAheadMoved} says of the last run. */
    OptionalDouble lookAheadMoved() {
        return step.lookAheadMoved();
    }

    /** Not every backend's kernels look at their results. */
    private void checkFinite() {
        for (int i = 0; i < losses.length; i++) {
            if (!Float.isFinite(losses[i])) {
                throw new InvalidExampleException("loss", i, "has a loss that is not finite: " + losses[i]);
            }
        }
    }

    @Override
    public void close() {
        step.close();
    }
}
