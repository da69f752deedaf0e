package io.eider.experiments.train;

import io.eider.engine.io.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Folders of runs that nobody trained, with three classes and any results. */
public final class MadeUpRun {
    private static final int IMAGES = 100;
    private static final List<Integer> COUNTS = List.of(300, 50, 3);

    private MadeUpRun() {}

    /**
     * Writes a complete run.
     *
     * @param last right answers by class, of 100 each, after the last epoch
     * @param best the same after epoch 1
     * @param epsilon a mean of ε by class, or none
     */
    public static void complete(
            Path folder, TrainConfig config, List<Integer> last, List<Integer> best, List<Double> epsilon)
            throws IOException {
        record(folder, config, "complete");
        List<Statistics> statistics = epsilon.isEmpty()
                ? Collections.nCopies(COUNTS.size(), Statistics.NONE)
                : epsilon.stream()
                        .map(mean -> new Statistics(2, mean, 0, mean, mean))
                        .toList();
        TrainingState state = new TrainingState(
                config.epochs(),
                0,
                EpochTotals.Snapshot.empty(COUNTS.size()),
                accuracy(config.epochs() - 1, last),
                accuracy(1, best),
                statistics);
        RunIdentity identity = new RunIdentity("0.1+abc", "cpu, 2 threads", "0123456789abcdef", config);
        new Safetensors(Map.of(), Map.of("eider.run", Json.text(identity), "eider.state", Json.text(state)))
                .write(folder.resolve("last.safetensors"));
        StringBuilder classes = new StringBuilder("epoch,class,name,train_images\n");
        IntStream.range(0, COUNTS.size())
                .forEach(c -> classes.append("0," + c + ",c" + c + "," + COUNTS.get(c) + "\n"));
        Files.writeString(folder.resolve("classes.csv"), classes);
    }

    /** Writes what a run has that was begun; two of its epochs took 100 s each, and 10 s for the test set. */
    public static void record(Path folder, TrainConfig config, String status) throws IOException {
        Files.createDirectories(folder);
        var record =
                Json.object().put("status", status).put("version", "0.1+abc").put("device", "cpu <2 threads> | x");
        record.set("machine", Machine.record());
        record.set("configuration", Json.tree(config));
        record.putObject("split").put("sha256", "0123456789abcdef");
        Files.writeString(folder.resolve("run.json"), Json.text(record));
        Files.writeString(
                folder.resolve("timing.csv"),
                "epoch,train_seconds,images_per_second,test_seconds\n0,100,5,10\n1,100,5,10\n2,10");
    }

    private static Accuracy accuracy(int epoch, List<Integer> correct) {
        return new Accuracy(epoch, correct, Collections.nCopies(correct.size(), IMAGES));
    }
}
