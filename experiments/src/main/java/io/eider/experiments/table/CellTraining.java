package io.eider.experiments.table;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceFailedException;
import io.eider.engine.backend.DeviceMemoryException;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.experiments.UserError;
import io.eider.experiments.config.Changes;
import io.eider.experiments.report.ReportedRun;
import io.eider.experiments.train.LongTailData;
import io.eider.experiments.train.RunFolder;
import io.eider.experiments.train.RunListener;
import io.eider.experiments.train.TrainingFailedException;
import io.eider.experiments.train.TrainingRun;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains one cell, or goes on with it, on a device of its own. */
final class CellTraining {
    private static final Logger LOG = LoggerFactory.getLogger("eider.table");

    private CellTraining() {}

    /**
     * Returns why it failed, which is noted in its folder too, unless another process uses that; nothing if it is complete.
     *
     * @throws DeviceFailedException if the device failed; the cell stays unfinished
     * @throws DeviceUnavailableException if there is no such device any more
     */
    static Optional<String> run(
            PlannedCell planned, String device, Changes changes, LongTailData data, RunListener listener) {
        try (RunFolder folder = RunFolder.open(planned.folder().path());
                Device opened = planned.config().openDevice(device)) {
            return train(planned, opened, changes, data, listener, folder);
        } catch (DeviceFailedException e) {
            // What comes after a failure of the device itself would fail as well, or compute wrongly.
            throw new DeviceFailedException(
                    planned.cell().name() + ": " + e.getMessage()
                            + "; the table stops, and goes on if started again with the same options",
                    e);
        } catch (DeviceUnavailableException e) {
            if (!(e.getCause() instanceof DeviceMemoryException)) {
                throw e;
            }
            // Another cell, or somebody else, has the GPU's memory for now.
            planned.folder().fail(e.getMessage());
            return Optional.of(e.getMessage());
        } catch (UserError e) {
            return Optional.of(e.getMessage());
        }
    }

    private static Optional<String> train(
            PlannedCell planned,
            Device device,
            Changes changes,
            LongTailData data,
            RunListener listener,
            RunFolder folder) {
        CellFolder cell = planned.folder();
        String reason;
        try {
            boolean begun = cell.run().isPresent();
            TrainingRun run =
                    new TrainingRun(planned.config(), data, device, folder, new TrainingRun.Options(begun, false, 0));
            List<String> differences = run.differences();
            if (!differences.isEmpty()) {
                throw new UserError("cannot go on with the same bits, because " + String.join("; ", differences)
                        + "; delete " + cell.path() + " to begin the cell again");
            }
            cell.begin(planned.cell(), changes);
            ReportedRun.execute(run, folder, listener);
            return Optional.empty();
        } catch (UserError | TrainingFailedException | DeviceUnavailableException | DeviceMemoryException e) {
            reason = e.getMessage();
        } catch (DeviceFailedException e) {
            throw e;
        } catch (RuntimeException e) {
            // A mistake of the program must not keep the other cells of a long night from being trained.
            LOG.error("{} met a mistake of the program", planned.cell().name(), e);
            reason = e.toString();
        }
        cell.fail(reason);
        return Optional.of(reason);
    }
}
