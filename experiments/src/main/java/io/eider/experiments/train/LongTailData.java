package io.eider.experiments.train;

import io.eider.experiments.data.Cifar;
import io.eider.experiments.data.DataFolder;
import io.eider.experiments.data.ImageSet;
import io.eider.experiments.data.LongTailSplit;
import io.eider.experiments.data.ProceduralImages;
import java.util.Optional;

/**
 * The images of a run.
 *
 * @param images all images that may be trained on
 * @param split which of them are, and which make the development set
 * @param test the test images, balanced
 */
public record LongTailData(ImageSet images, LongTailSplit split, ImageSet test) {
    private static final int PROCEDURAL_TRAIN = 310;
    private static final int PROCEDURAL_TEST = 50;

    /**
     * Reads the images and draws the split.
     *
     * @param config which data set, how imbalanced, which protocol, which seed
     * @param folder where the files are
     * @return the images
     * @throws io.eider.experiments.UserError if files are missing or damaged; says how to get them
     */
    public static LongTailData load(TrainConfig config, DataFolder folder) {
        Optional<Cifar> cifar = config.dataset().cifar();
        return cifar.isPresent()
                ? of(config, folder.train(cifar.get()), folder.test(cifar.get()))
                : of(
                        config,
                        ProceduralImages.train(config.seed(), PROCEDURAL_TRAIN),
                        ProceduralImages.test(config.seed(), PROCEDURAL_TEST));
    }

    /** Returns another run's split of the same images. */
    LongTailData splitFor(TrainConfig config) {
        return of(config, images, test);
    }

    private static LongTailData of(TrainConfig config, ImageSet images, ImageSet test) {
        LongTailSplit split = LongTailSplit.of(
                images.labels(), images.classes(), config.imbalance(), config.seed(), config.protocol());
        return new LongTailData(images, split, test);
    }
}
