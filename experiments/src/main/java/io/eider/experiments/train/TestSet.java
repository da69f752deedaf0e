package io.eider.experiments.train;

import io.eider.experiments.data.Augmentation;
import io.eider.experiments.data.Batch;
import io.eider.experiments.data.BatchStream;
import io.eider.experiments.data.EvaluationBatches;
import io.eider.experiments.data.ImageSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

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

    /**
     * Classifies every image.
     *
     * @return what each class was taken for
     */
    Confusion classify() {
        Confusion confusion = new Confusion(images.classes());
        stream.startAt(0);
        while (stream.hasNext()) {
            Batch batch = stream.next();
            int n = batch.size();
            int[] labels = Arrays.copyOf(batch.labels(), n);
            byte[] pixels = Arrays.copyOf(batch.pixels(), n * ImageSet.VALUES);
            int[] draws = Arrays.copyOf(batch.draws(), n * Augmentation.DRAWS);
            float[] logits = new float[n * images.classes()];
            Evaluation evaluation = evaluations.computeIfAbsent(n, this::compile);
            evaluation.run(pixels, draws, labels);
            evaluation.logits(logits);
            for (int i = 0; i < n; i++) {
                confusion.add(labels[i], Predictions.of(logits, i, images.classes()));
            }
        }
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
