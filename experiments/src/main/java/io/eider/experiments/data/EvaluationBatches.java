package io.eider.experiments.data;

/** All images of a set, once, in their own order, neither cropped nor flipped. The last, smaller batch is kept. */
public final class EvaluationBatches implements BatchSource {
    private final ImageSet images;
    private final int batchSize;

    /**
     * Batches of a whole set.
     *
     * @param images the images
     * @param batchSize images per batch, at least 1
     * @throws IllegalArgumentException if the batch size is below 1
     */
    public EvaluationBatches(ImageSet images, int batchSize) {
        if (batchSize < 1) {
            throw new IllegalArgumentException("batch size " + batchSize + " is below 1");
        }
        this.images = images;
        this.batchSize = batchSize;
    }

    @Override
    public int batchSize() {
        return batchSize;
    }

    @Override
    public long batches() {
        return ((long) images.size() + batchSize - 1) / batchSize;
    }

    @Override
    public void fill(long iteration, Batch batch) {
        int first = Math.toIntExact(iteration * batchSize);
        batch.begin(iteration, Math.min(batchSize, images.size() - first));
        for (int i = 0; i < batch.size(); i++) {
            batch.put(i, images, first + i);
            Augmentation.none(batch.draws(), i * Augmentation.DRAWS);
        }
    }
}
