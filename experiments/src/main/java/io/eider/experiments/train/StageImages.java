package io.eider.experiments.train;

import io.eider.experiments.data.ImageSet;
import io.eider.experiments.data.LongTailSplit;
import java.util.Arrays;

/** Which images stage 2 trains on. */
public enum StageImages {
    /** All training images. */
    TRAIN,
    /** As many of every class as the smallest has: the first of each, in the order of the split. */
    BALANCED,
    /** The development set. */
    DEVELOPMENT;

    /** Returns the images' indices. */
    int[] of(LongTailSplit split, ImageSet images) {
        return switch (this) {
            case TRAIN -> split.train();
            case BALANCED -> balanced(split, images);
            case DEVELOPMENT -> split.development();
        };
    }

    private static int[] balanced(LongTailSplit split, ImageSet images) {
        int smallest = Arrays.stream(split.counts()).min().orElseThrow();
        int[] taken = new int[images.classes()];
        return Arrays.stream(split.train())
                .filter(image -> taken[images.labels()[image]]++ < smallest)
                .toArray();
    }
}
