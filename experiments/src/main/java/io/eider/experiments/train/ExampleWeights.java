package io.eider.experiments.train;

import io.eider.engine.io.AtomicFile;
import io.eider.experiments.IoReason;
import io.eider.experiments.UserError;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The weight of every example of an epoch, for {@code weights.csv}: epoch, image, label, epsilon, weight. One file an epoch
 * where all are wanted. Adding allocates nothing.
 */
final class ExampleWeights {
    private final int[] images;
    private final int[] labels;
    private final float[] epsilon;
    private final float[] weights;
    private int count;
    private boolean corrected;

    /**
     * Room for an epoch.
     *
     * @param capacity images in an epoch
     */
    ExampleWeights(int capacity) {
        images = new int[capacity];
        labels = new int[capacity];
        epsilon = new float[capacity];
        weights = new float[capacity];
    }

    void clear() {
        count = 0;
    }

    /**
     * Adds a batch.
     *
     * @param indices which images (n)
     * @param classes their labels (n)
     * @param conditional ε_i (n), of no meaning unless {@code isCorrected}
     * @param finalWeights (n)
     * @param isCorrected whether there are conditional weights
     * @param n images in the batch
     */
    void add(int[] indices, int[] classes, float[] conditional, float[] finalWeights, boolean isCorrected, int n) {
        System.arraycopy(indices, 0, images, count, n);
        System.arraycopy(classes, 0, labels, count, n);
        System.arraycopy(conditional, 0, epsilon, count, n);
        System.arraycopy(finalWeights, 0, weights, count, n);
        corrected = isCorrected;
        count += n;
    }

    /** Writes the epoch, whole or not at all; an epoch of which only a part was seen in this process is left out. */
    void write(Path file, int epoch) {
        if (count < images.length) {
            return;
        }
        try {
            Files.createDirectories(file.getParent());
            AtomicFile.write(file, out -> {
                BufferedWriter text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
                text.write("epoch,image,label,epsilon,weight\n");
                for (int i = 0; i < count; i++) {
                    text.write(epoch + "," + images[i] + "," + labels[i] + "," + (corrected ? epsilon[i] : "") + ","
                            + weights[i] + "\n");
                }
                text.flush();
            });
        } catch (IOException e) {
            throw new UserError("cannot write " + file + ": " + IoReason.of(e), e);
        }
    }
}
