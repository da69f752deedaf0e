package io.eider.experiments.train;

import io.eider.experiments.data.DataFolder;
import java.util.EnumMap;
import java.util.Map;

/** Images for many runs. Files are read once, and what was read is shared, by threads too. */
public final class ImageSource {
    private final DataFolder folder;
    private final Map<Dataset, LongTailData> read = new EnumMap<>(Dataset.class);

    /**
     * A source.
     *
     * @param folder where the files are
     */
    public ImageSource(DataFolder folder) {
        this.folder = folder;
    }

    /**
     * The images of a run.
     *
     * @param config which data set, how imbalanced, which protocol, which seed
     * @return with the run's own split
     * @throws io.eider.experiments.UserError if files are missing or damaged, or the split cannot be drawn
     */
    public synchronized LongTailData of(TrainConfig config) {
        if (config.dataset().cifar().isEmpty()) {
            return LongTailData.load(config, folder); // drawn from the seed
        }
        LongTailData known = read.get(config.dataset());
        if (known != null) {
            return known.splitFor(config);
        }
        LongTailData data = LongTailData.load(config, folder);
        read.put(config.dataset(), data);
        return data;
    }
}
