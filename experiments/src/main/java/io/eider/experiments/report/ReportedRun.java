package io.eider.experiments.report;

import io.eider.experiments.train.RunFolder;
import io.eider.experiments.train.RunListener;
import io.eider.experiments.train.RunResults;
import io.eider.experiments.train.TrainedRun;
import io.eider.experiments.train.TrainingRun;
import java.nio.file.Files;
import java.nio.file.Path;

/** Trains, then writes {@code report.md} beside the results. */
public final class ReportedRun {
    private static final String REPORT = "report.md";

    private ReportedRun() {}

    /**
     * Trains.
     *
     * @param run what to do
     * @param folder the run's folder
     * @param listener hears how it goes
     * @return how it ended
     */
    public static TrainedRun execute(TrainingRun run, RunFolder folder, RunListener listener) {
        TrainedRun result = run.execute(listener);
        folder.write(REPORT, ClassReport.of(result));
        return result;
    }

    /**
     * Writes the report of a complete run whose process was killed just before it did.
     *
     * @param path the run's folder
     */
    public static void complete(Path path) {
        if (Files.exists(path.resolve(REPORT))) {
            return;
        }
        try (RunFolder folder = RunFolder.open(path)) {
            folder.write(REPORT, ClassReport.of(RunResults.read(path)));
        }
    }
}
