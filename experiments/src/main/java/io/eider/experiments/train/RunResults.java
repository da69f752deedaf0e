package io.eider.experiments.train;

import io.eider.experiments.UserError;
import java.nio.file.Path;
import java.util.List;

/** Reads what a run came to, as far as it is. */
public final class RunResults {
    private RunResults() {}

    /**
     * Reads a run's folder.
     *
     * @param folder what {@code eider train} wrote
     * @return the run up to its last checkpoint
     * @throws UserError if it holds no run, or one that was never tried on the test set
     */
    public static TrainedRun read(Path folder) {
        Path last = folder.resolve("last.safetensors");
        RunCheckpoint checkpoint = RunCheckpoint.peek(last)
                .orElseThrow(() -> new UserError(last + " is not of a run; name a folder that `eider train` wrote"));
        TrainingState state = checkpoint.state();
        if (state.last() == null) {
            throw new UserError(folder + " has not been tried on the test set yet");
        }
        List<CsvTable.Row> classes = firstEpoch(
                CsvTable.read(folder.resolve("classes.csv")), state.epsilon().size());
        return new TrainedRun(
                checkpoint.identity().configuration(),
                classes.stream().map(row -> row.text("name")).toList(),
                classes.stream().map(row -> row.integer("train_images")).toList(),
                state.last(),
                state.best(),
                state.epsilon());
    }

    private static List<CsvTable.Row> firstEpoch(CsvTable table, int classes) {
        List<CsvTable.Row> rows = table.rows().limit(classes).toList();
        if (rows.size() < classes) {
            throw table.damaged("it has " + rows.size() + " rows for " + classes + " classes");
        }
        return rows;
    }
}
