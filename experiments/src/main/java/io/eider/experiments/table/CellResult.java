package io.eider.experiments.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eider.experiments.UserError;
import io.eider.experiments.train.RunResults;
import io.eider.experiments.train.TrainedRun;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is known of a cell.
 *
 * @param cell which
 * @param status how far it is
 * @param failure why it failed, if it did
 * @param epochsScale what its schedule was multiplied by
 * @param time how long it took so far
 * @param record {@code run.json}, if it was begun
 * @param run how it ended, if it is complete
 */
record CellResult(
        Cell cell,
        CellStatus status,
        Optional<String> failure,
        double epochsScale,
        CellTime time,
        Optional<ObjectNode> record,
        Optional<TrainedRun> run) {

    /** Reads what is there; a folder that cannot be read is a failed cell. */
    static CellResult read(Cell cell, Path table) {
        CellFolder folder = new CellFolder(cell.folder(table));
        try {
            CellStatus status = folder.status();
            return new CellResult(
                    cell,
                    status,
                    status == CellStatus.FAILED ? folder.failure() : Optional.empty(),
                    folder.epochsScale(),
                    CellTime.read(folder.path()),
                    folder.run(),
                    status == CellStatus.COMPLETE ? Optional.of(RunResults.read(folder.path())) : Optional.empty());
        } catch (UserError e) {
            return new CellResult(
                    cell,
                    CellStatus.FAILED,
                    Optional.of(e.getMessage()),
                    1,
                    new CellTime(0, 0, 0),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    /** A text of {@code run.json}, such as {@code /split/sha256}; empty if there is none. */
    String text(String pointer) {
        return record.map(tree -> tree.at(pointer).asText()).orElse("");
    }
}
