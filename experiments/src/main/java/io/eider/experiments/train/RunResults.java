package io.eider.experiments.train;

import io.eider.experiments.IoReason;
import io.eider.experiments.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads what a run came to, as far as it is. */
public final class RunResults {
    private static final int NAME = 2;
    private static final int TRAIN_IMAGES = 3;

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
        List<String> names = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        for (String row : rows(folder.resolve("classes.csv"), state.epsilon().size())) {
            String[] cells = row.split(",", -1);
            names.add(cells[NAME]);
            counts.add(Integer.valueOf(cells[TRAIN_IMAGES]));
        }
        return new TrainedRun(
                checkpoint.identity().configuration(), names, counts, state.last(), state.best(), state.epsilon());
    }

    /** The rows of the first epoch. */
    private static List<String> rows(Path table, int classes) {
        try {
            List<String> lines = Files.readAllLines(table);
            if (lines.size() <= classes) {
                throw new UserError(table + " is damaged: it has " + lines.size() + " lines");
            }
            return lines.subList(1, classes + 1);
        } catch (IOException e) {
            throw new UserError("cannot read the results: " + IoReason.of(e), e);
        }
    }
}
