package io.eider.experiments.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eider.engine.backend.Device;
import io.eider.experiments.Choice;
import io.eider.experiments.UserError;
import io.eider.experiments.config.Changes;
import io.eider.experiments.config.NamedConfig;
import io.eider.experiments.train.Difference;
import io.eider.experiments.train.ImageSource;
import io.eider.experiments.train.Json;
import io.eider.experiments.train.TrainConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Everything that a table is to train, checked before anything is.
 *
 * @param cells in order
 * @param changes to the named configurations
 * @param jobs cells at a time
 */
public record TablePlan(List<PlannedCell> cells, Changes changes, int jobs) {
    /** What does not change a result beyond rounding. */
    private static final Set<String> PLACE = Set.of("device", "threads", "recompute");

    /**
     * Resolves every configuration and looks at what is there already.
     *
     * @param selection which cells
     * @param changes to their configurations
     * @param jobs cells at a time; cores are shared out among them unless {@code threads} is set
     * @param out the table's folder
     * @return the plan
     * @throws UserError if a configuration is not valid, or a folder holds a run with another one
     */
    public static TablePlan of(Selection selection, Changes changes, int jobs, Path out) {
        if (jobs < 1) {
            throw new UserError("--jobs must be at least 1, not " + jobs);
        }
        List<PlannedCell> cells = selection.cells().stream()
                .map(cell -> planned(cell, changes, jobs, new CellFolder(cell.folder(out))))
                .toList();
        cells.forEach(TablePlan::checkFolder);
        return new TablePlan(cells, changes, jobs);
    }

    private static PlannedCell planned(Cell cell, Changes changes, int jobs, CellFolder folder) {
        return new PlannedCell(cell, config(cell, changes, jobs, folder), folder);
    }

    private static TrainConfig config(Cell cell, Changes changes, int jobs, CellFolder folder) {
        NamedConfig named = cell.config();
        ObjectNode settings = changes.apply(named.settings().put("seed", cell.seed()));
        if (settings.path("threads").asInt() == 0) {
            // A run that was begun goes on to the same bits only with as many threads.
            int share = Math.max(1, Runtime.getRuntime().availableProcessors() / jobs);
            settings.put(
                    "threads",
                    folder.run()
                            .map(record -> record.at("/configuration/threads").asInt())
                            .orElse(share));
        }
        TrainConfig config = TrainConfig.of(settings, named.name());
        if (!Choice.id(config.dataset()).equals(named.dataset())
                || config.imbalance() != named.factor()
                || config.seed() != cell.seed()) {
            throw new UserError("--set cannot change dataset, imbalance or seed, which name a cell; name the data set, "
                    + "or use --if or --seeds");
        }
        return config;
    }

    private static void checkFolder(PlannedCell planned) {
        planned.folder().run().ifPresent(record -> {
            String differences = Difference.between(record.path("configuration"), Json.tree(planned.config())).stream()
                    .filter(difference -> !PLACE.contains(difference.key()))
                    .map(Difference::toString)
                    .collect(Collectors.joining("; "));
            if (!differences.isEmpty()) {
                throw new UserError(planned.folder().path() + " holds a run that is not the one asked for: "
                        + differences + "; delete it, choose another --out, or give the options of then");
            }
        });
    }

    /**
     * Reads the images and draws the split of every cell.
     *
     * @param images where from
     * @throws UserError if images are missing, or a split cannot be drawn
     */
    public void checkImages(ImageSource images) {
        cells.forEach(cell -> images.of(cell.config()));
    }

    /**
     * Opens a device as every cell will have one; no setting of a row changes it.
     *
     * @return the device
     */
    public Device openDevice() {
        return cells.get(0).config().openDevice();
    }
}
