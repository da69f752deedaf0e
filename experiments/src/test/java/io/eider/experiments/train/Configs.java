package io.eider.experiments.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eider.experiments.data.ImageSet;
import io.eider.experiments.data.LongTailSplit;
import io.eider.experiments.data.ProceduralImages;

/** Configurations of runs that take seconds, and images for them. */
final class Configs {
    private Configs() {}

    /** Three epochs of five steps on 18 images, the last step of an epoch smaller; stage 2 is the last epoch. */
    static TrainConfig tiny(Method method) {
        TrainConfig config = with(TrainConfig.defaults(), "dataset", Dataset.PROCEDURAL_LT);
        config = with(config, "imbalance", 4);
        config = with(config, "method", method);
        config = with(config, "epochs", 3);
        config = with(config, "stage2-epoch", 2);
        config = with(config, "batch", 4);
        config = with(config, "development-batch", 5);
        config = with(config, "depth", 8);
        config = with(config, "device", FastestDevice.NAME);
        return with(config, "threads", 1);
    }

    static TrainConfig with(TrainConfig base, String key, Object value) {
        ObjectNode tree = (ObjectNode) Json.tree(base);
        tree.set(key, Json.tree(value));
        return Json.read(tree, TrainConfig.class, "the test");
    }

    /** Four images in the head, one in the tail. */
    static LongTailData images(TrainConfig config) {
        ImageSet train = ProceduralImages.train(1, LongTailSplit.DEVELOPMENT_PER_CLASS + 4);
        return new LongTailData(
                train,
                LongTailSplit.of(train.labels(), 10, config.imbalance(), config.seed(), config.protocol()),
                ProceduralImages.test(1, 2));
    }
}
