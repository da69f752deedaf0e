package io.eider.experiments.train;

import io.eider.engine.backend.Device;
import java.nio.file.Path;
import java.util.Optional;

/** A network in a file, to be tried. */
public final class TrainedNetwork {
    private TrainedNetwork() {}

    /**
     * The configuration a checkpoint was trained with.
     *
     * @param file a checkpoint
     * @return nothing if another program wrote it
     * @throws io.eider.experiments.UserError if it cannot be read
     */
    public static Optional<TrainConfig> configuration(Path file) {
        return RunCheckpoint.peek(file).map(checkpoint -> checkpoint.identity().configuration());
    }

    /**
     * Tries a checkpoint on the test set.
     *
     * @param file a checkpoint
     * @param config its network
     * @param data the images
     * @param device where to compute
     * @return right answers by class
     * @throws io.eider.experiments.UserError if the file cannot be read or is of another network
     */
    public static Accuracy test(Path file, TrainConfig config, LongTailData data, Device device) {
        Learner learner = TrainingRun.learner(config, data.images().classes(), device);
        int epoch = RunCheckpoint.peek(file)
                .map(checkpoint -> checkpoint.state().epoch())
                .orElse(0);
        RunCheckpoint.loadWeights(file, learner);
        try (TestSet test = new TestSet(data.test(), learner)) {
            return test.classify().accuracy(epoch);
        }
    }
}
