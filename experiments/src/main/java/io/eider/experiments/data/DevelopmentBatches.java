package io.eider.experiments.data;

/**
 * Development batches without end: every iteration draws afresh, without replacement, from the whole development set, and
 * augments as in training. So CIFAR-10 (100 development images, batch 100) gets all of them in a new order every time, and
 * CIFAR-100 a random 100 of 1000.
 *
 * <p>Source: the authors' code, main.py, which makes a new shuffled loader every iteration.
 */
public final class DevelopmentBatches implements BatchSource {
    private final ImageSet images;
    private final int[] development;
    private final int batchSize;
    private final CounterRandom order;
    private final Augmentation augmentation;
    private final int[] drawn;

    /**
     * Batches of the given images.
     *
     * @param images all images
     * @param development indices of the development images, at least one
     * @param batchSize images per batch, at least 1; a smaller development set is used whole
     * @param seed decides draws and augmentation
     * @throws IllegalArgumentException if there are no images or the batch size is below 1
     */
    public DevelopmentBatches(ImageSet images, int[] development, int batchSize, long seed) {
        if (development.length == 0 || batchSize < 1) {
            throw new IllegalArgumentException(development.length + " development images in batches of " + batchSize);
        }
        this.images = images;
        this.development = development.clone();
        this.batchSize = Math.min(batchSize, development.length);
        this.order = CounterRandom.of(seed, "development order");
        this.augmentation = new Augmentation(seed, "development augmentation");
        this.drawn = new int[development.length];
    }

    @Override
    public int batchSize() {
        return batchSize;
    }

    @Override
    public long batches() {
        return Long.MAX_VALUE;
    }

    @Override
    public void fill(long iteration, Batch batch) {
        System.arraycopy(development, 0, drawn, 0, drawn.length);
        order.shuffleHead(drawn, batchSize, iteration * batchSize);
        batch.begin(iteration, batchSize);
        for (int i = 0; i < batchSize; i++) {
            int image = drawn[i];
            batch.put(i, images, image);
            augmentation.draw(images.size(), image, iteration, batch.draws(), i * Augmentation.DRAWS);
        }
    }
}
