package io.eider.experiments.train;

import io.eider.engine.op.InvalidExampleException;
import io.eider.experiments.data.Batch;
import io.eider.experiments.data.ImageSet;
import java.util.Optional;
import java.util.OptionalDouble;

/** A compiled step for one batch size, with the arrays that go in and out of it; running allocates nothing. */
final class BatchStep implements AutoCloseable {
    private final TrainingStep step;
    private final float[] weightOfClass;
    private final boolean corrected;
    private final float[] images;
    private final int[] labels;
    private final int[] indices;
    private final float[] weights;
    private final float[] losses;
    private final float[] logits;
    private final float[] epsilon;

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
        this.images = new float[size * ImageSet.VALUES];
        this.labels = new int[size];
        this.indices = new int[size];
        this.weights = new float[size];
        this.losses = new float[size];
        this.logits = new float[size * weightOfClass.length];
        this.epsilon = new float[size];
    }

    /** Puts the training batch in. */
    void batch(Batch batch) {
        int size = labels.length;
        System.arraycopy(batch.labels(), 0, labels, 0, size);
        System.arraycopy(batch.indices(), 0, indices, 0, size);
        for (int i = 0; i < size; i++) {
            weights[i] = weightOfClass[labels[i]];
        }
        boolean whole = batch.images().length == images.length;
        if (!whole) {
            System.arraycopy(batch.images(), 0, images, 0, images.length);
        }
        step.batch(whole ? batch.images() : images, labels, weights);
    }

    /** Puts the development batch in, which fills its buffer. */
    void developmentBatch(Batch batch) {
        step.developmentBatch(batch.images(), batch.labels());
    }

    /**
     * Runs and adds what came out to the totals.
     *
     * @return the loss that was descended
     * @throws InvalidExampleException if an example's loss, or the batch's, is not finite; then nothing is added
     */
    double run(double learningRate, double eta, double tau, EpochTotals totals, Optional<ExampleWeights> log) {
        step.run(learningRate, eta, tau);
        step.losses(losses);
        checkFinite();
        double loss = step.loss();
        if (!Double.isFinite(loss)) {
            throw new InvalidExampleException("loss", 0, "is in a batch whose weighted loss is not finite: " + loss);
        }
        step.weights(weights);
        step.logits(logits);
        totals.addLosses(losses, weights, labels, labels.length, Predictions.correct(logits, labels, labels.length));
        if (corrected) {
            step.epsilon(epsilon);
            totals.addEpsilon(epsilon, labels, labels.length);
        }
        if (log.isPresent()) {
            log.get().add(indices, labels, epsilon, weights, corrected, labels.length);
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
