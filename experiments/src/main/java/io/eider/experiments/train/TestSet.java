package io.eider.experiments.train;

import io.eider.experiments.data.Augmentation;
import io.eider.experiments.data.Batch;
import io.eider.experiments.data.BatchStream;
import io.eider.experiments.data.EvaluationBatches;
import io.eider.experiments.data.ImageSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A labelled set and the compiled network that is tried on it, in eval mode. */
public final class TestSet implements AutoCloseable {
    private static final int BATCH = 100;
    private static final int BUFFERS = 3;

    private final ImageSet images;
    private final Learner learner;
    private final BatchStream stream;
    private final Map<Integer, Evaluation> evaluations = new HashMap<>();

    /**
     * A set to try a network on.
     *
     * @param images the set
     * @param learner whose network it is, as its variables stand at each evaluation
     */
    public TestSet(ImageSet images, Learner learner) {
        this.images = images;
        this.learner = learner;
        this.stream = new BatchStream(new EvaluationBatches(images, Math.min(BATCH, images.size())), BUFFERS);
    }

    /** A batch that is being classified. */
    private static final class Started {
        private final Evaluation evaluation;
        private final int[] labels;

        private Started(Evaluation evaluation, int[] labels) {
            this.evaluation = evaluation;
            this.labels = labels;
        }

        private void addTo(Confusion confusion, int classes) {
            float[] logits = new float[labels.length * classes];
            evaluation.await();
            evaluation.logits(logits);
            for (int i = 0; i < labels.length; i++) {
                confusion.add(labels[i], Predictions.of(logits, i, classes));
            }
        }
    }

    /**
     * Classifies every image. After a failure there is nothing to do with this set but to close it.
     *
     * @return what each class was taken for
     */
    Confusion classify() {
        Confusion confusion = new Confusion(images.classes());
        Optional<Started> running = Optional.empty();
        stream.startAt(0);
        while (stream.hasNext()) {
            Batch batch = stream.next();
            int n = batch.size();
            int[] labels = Arrays.copyOf(batch.labels(), n);
            byte[] pixels = Arrays.copyOf(batch.pixels(), n * ImageSet.VALUES);
            int[] draws = Arrays.copyOf(batch.draws(), n * Augmentation.DRAWS);
            Evaluation evaluation = evaluations.computeIfAbsent(n, this::compile);
            evaluation.upload(pixels, draws, labels);
            running.ifPresent(before -> before.addTo(confusion, images.classes()));
            evaluation.start();
            running = Optional.of(new Started(evaluation, labels));
        }
        running.ifPresent(last -> last.addTo(confusion, images.classes()));
        return confusion;
    }

    private Evaluation compile(int batch) {
        return Evaluation.compile(learner.device(), learner.network(), learner.variables(), learner.precision(), batch);
    }

    @Override
    public void close() {
        stream.close();
        evaluations.values().forEach(Evaluation::close);
    }
}
