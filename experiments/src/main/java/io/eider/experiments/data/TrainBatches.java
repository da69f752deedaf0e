package io.eider.experiments.data;

/**
 * Training batches without end: every epoch visits every training image once, in an order and with augmentations drawn from
 * (seed, epoch). The last, smaller batch of an epoch is kept.
 */
public final class TrainBatches implements BatchSource {
    private final ImageSet images;
    private final int[] train;
    private final int batchSize;
    private final CounterRandom order;
    private final Augmentation augmentation;
    private final int[] epochOrder;
    private long orderedEpoch = -1;

    /**
     * Batches of the given images.
     *
     * @param images all images
     * @param train indices of those to train on, at least one
     * @param batchSize images per batch, at least 1
     * @param seed decides order and augmentation
     * @throws IllegalArgumentException if there are no images or the batch size is below 1
     */
    public TrainBatches(ImageSet images, int[] train, int batchSize, long seed) {
        if (train.length == 0 || batchSize < 1) {
            throw new IllegalArgumentException(train.length + " training images in batches of " + batchSize);
        }
        this.images = images;
        this.train = train.clone();
        this.batchSize = batchSize;
        this.order = CounterRandom.of(seed, "train order");
        this.augmentation = new Augmentation(seed, "train augmentation");
        this.epochOrder = new int[train.length];
    }

    /**
     * Steps in one epoch.
     *
     * @return ⌈training images / batch size⌉
     */
    public int stepsPerEpoch() {
        return (train.length + batchSize - 1) / batchSize;
    }

    /**
     * Images in one epoch.
     *
     * @return how many are trained on
     */
    public int images() {
        return train.length;
    }

    /**
     * The iteration at a place in the run.
     *
     * @param epoch from 0
     * @param step within the epoch, from 0
     * @return epoch · {@link #stepsPerEpoch()} + step
     */
    public long iteration(int epoch, int step) {
        return (long) epoch * stepsPerEpoch() + step;
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
        long epoch = iteration / stepsPerEpoch();
        int first = (int) (iteration % stepsPerEpoch()) * batchSize;
        if (epoch != orderedEpoch) {
            System.arraycopy(train, 0, epochOrder, 0, train.length);
            order.shuffle(epochOrder, epoch * train.length);
            orderedEpoch = epoch;
        }
        batch.begin(iteration, Math.min(batchSize, train.length - first));
        for (int i = 0; i < batch.size(); i++) {
            int image = epochOrder[first + i];
            batch.put(i, images, image);
            augmentation.draw(images.size(), image, epoch, batch.draws(), i * Augmentation.DRAWS);
        }
    }
}
