package io.eider.experiments.train;

import io.eider.experiments.data.Batch;
import io.eider.experiments.data.BatchStream;
import io.eider.experiments.data.EvaluationBatches;
import io.eider.experiments.data.ImageSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
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
     * @param epoch noted in the result
     * @return right answers by class
     */
    public Accuracy evaluate(int epoch) {
        int[] correct = new int[images.classes()];
        int[] total = new int[images.classes()];
        stream.startAt(0);
        while (stream.hasNext()) {
            Batch batch = stream.next();
            int n = batch.size();
            int[] labels = Arrays.copyOf(batch.labels(), n);
            float[] pixels =
                    n == batch.labels().length ? batch.images() : Arrays.copyOf(batch.images(), n * ImageSet.VALUES);
            float[] logits = new float[n * images.classes()];
            Evaluation evaluation = evaluations.computeIfAbsent(n, this::compile);
            evaluation.run(pixels, labels);
            evaluation.logits(logits);
            for (int i = 0; i < n; i++) {
                total[labels[i]]++;
                if (Predictions.of(logits, i, images.classes()) == labels[i]) {
                    correct[labels[i]]++;
                }
            }
        }
        return new Accuracy(epoch, list(correct), list(total));
    }

    private Evaluation compile(int batch) {
        return Evaluation.compile(learner.device(), learner.network(), learner.variables(), batch);
    }

    private static List<Integer> list(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    @Override
    public void close() {
        stream.close();
        evaluations.values().forEach(Evaluation::close);
    }
}
