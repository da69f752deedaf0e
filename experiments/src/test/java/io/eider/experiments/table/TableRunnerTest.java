package io.eider.experiments.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.engine.backend.DeviceFailedException;
import io.eider.engine.backend.DeviceMemoryException;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.engine.backend.Devices;
import io.eider.engine.backend.cuda.StandIn;
import io.eider.experiments.UserError;
import io.eider.experiments.config.Changes;
import io.eider.experiments.data.DataFolder;
import io.eider.experiments.train.FastestDevice;
import io.eider.experiments.train.ImageSource;
import io.eider.experiments.train.RunListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableRunnerTest {
    private static final List<String> RESULTS =
            List.of("last.safetensors", "best.safetensors", "metrics.csv", "classes.csv", "split.txt", "report.md");

    private final Selection selection =
            Selection.of("procedural-lt", List.of("100"), List.of("ours-ce", "ce"), List.of(1L));

    @TempDir
    private Path temporary;

    @Test
    void killedSkippedResumedAndTwoAtATimeTheFilesAreTheSame() throws IOException {
        Path alone = temporary.resolve("alone");
        assertThat(run(alone, 1, Integer.MAX_VALUE))
                .containsExactly(
                        "1 of 2: ours-ce",
                        "ours-ce epoch 0",
                        "ours-ce epoch 1",
                        "2 of 2: ce",
                        "ce epoch 0",
                        "ce epoch 1");
        assertThat(TableReports.write(selection, alone).failures()).isEmpty();

        Path killed = temporary.resolve("killed");
        // In the second epoch of the first cell, then in the second epoch of the second.
        assertThatThrownBy(() -> run(killed, 1, 5)).isInstanceOf(Killed.class);
        assertThat(status(killed)).containsExactly(CellStatus.UNFINISHED, CellStatus.MISSING);
        assertThatThrownBy(() -> run(killed, 1, 3 + 5)).isInstanceOf(Killed.class);
        assertThat(status(killed)).containsExactly(CellStatus.COMPLETE, CellStatus.UNFINISHED);
        Path first = selection.cells().get(0).folder(killed);
        Files.delete(first.resolve("report.md")); // as if killed just before it was written
        FileTime written = Files.getLastModifiedTime(first.resolve("run.json"));
        assertThat(run(killed, 1, Integer.MAX_VALUE)).containsExactly("2 of 2: ce", "ce epoch 1");
        assertThat(Files.getLastModifiedTime(first.resolve("run.json"))).isEqualTo(written);

        Path both = temporary.resolve("both");
        run(both, 2, Integer.MAX_VALUE);
        for (Cell cell : selection.cells()) {
            for (String result : RESULTS) {
                Path expected = cell.folder(alone).resolve(result);
                assertThat(cell.folder(killed).resolve(result)).hasSameBinaryContentAs(expected);
                assertThat(cell.folder(both).resolve(result)).hasSameBinaryContentAs(expected);
            }
        }
        refusesAnotherConfiguration(alone);
    }

    private void refusesAnotherConfiguration(Path done) {
        assertThatThrownBy(() -> plan(done, 1, "tau=0.5"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("ours-ce/seed1 holds a run that is not the one asked for")
                .hasMessageContaining("--tau was 0.01 and is now 0.5");
        assertThat(plan(done, 1, "threads=7", "recompute=true").cells())
                .as("neither threads nor memory make another run of what is complete")
                .hasSize(2);
    }

    @Test
    void aCellThatCannotGoOnWithTheSameBitsFailsAndTheNextIsTrained() {
        assertThatThrownBy(() -> run(temporary, 1, 5)).isInstanceOf(Killed.class);
        List<String> events = new ArrayList<>();
        new TableRunner(
                        plan(temporary, 1, "threads=2"),
                        FastestDevice.NAME,
                        images(),
                        new Events(events, Integer.MAX_VALUE),
                        () -> {})
                .run(false);
        assertThat(events).contains("2 of 2: ce", "ce epoch 1");
        assertThat(status(temporary)).containsExactly(CellStatus.FAILED, CellStatus.COMPLETE);
        assertThat(TableReports.write(selection, temporary).failures())
                .singleElement()
                .asString()
                .contains("--threads was 1 and is now 2", "delete ")
                .doesNotContain("--force");
        assertThat(run(temporary, 1, Integer.MAX_VALUE))
                .as("failed cells are left alone")
                .isEmpty();
        new TableRunner(
                        plan(temporary, 1),
                        FastestDevice.NAME,
                        images(),
                        new Events(events, Integer.MAX_VALUE),
                        () -> {})
                .run(true);
        assertThat(status(temporary)).containsExactly(CellStatus.COMPLETE, CellStatus.COMPLETE);
    }

    @Test
    void aDeviceThatFailsStopsTheTableAndTheCellGoesOnLater() {
        List<String> events = new ArrayList<>();
        TableListener failing =
                failing(events, new DeviceFailedException("cudaGraphLaunch failed: an illegal address"));
        TableRunner runner =
                new TableRunner(plan(temporary, 1), FastestDevice.NAME, images(), failing, () -> events.add("end"));
        assertThatThrownBy(() -> runner.run(false))
                .isInstanceOf(DeviceFailedException.class)
                .hasMessageContaining("ours-ce")
                .hasMessageContaining("illegal address; the table stops");
        assertThat(events).containsExactly("ours-ce");
        assertThat(status(temporary)).containsExactly(CellStatus.UNFINISHED, CellStatus.MISSING);
        assertThat(run(temporary, 1, Integer.MAX_VALUE)).contains("ours-ce epoch 1", "ce epoch 1");
    }

    @Test
    void aCellThatNeedsMoreMemoryThanThereIsFailsAndTheNextIsTried() {
        List<String> events = new ArrayList<>();
        TableListener failing = failing(events, new DeviceMemoryException("no 9 bytes"));
        new TableRunner(plan(temporary, 1), FastestDevice.NAME, images(), failing, () -> events.add("end")).run(false);
        assertThat(events).containsExactly("ours-ce", "end", "ce", "end");
        assertThat(TableReports.write(selection, temporary).failures())
                .hasSize(2)
                .allSatisfy(failure -> assertThat(failure).contains("no 9 bytes"));
    }

    @Test
    @Tag("cuda")
    void aCellThatFindsTheMemoryOfTheGpuTakenFailsAndTheNextIsTried() {
        StandIn standIn = StandIn.get();
        long call = 0;
        do {
            standIn.failAt(++call);
            assertThatThrownBy(() -> Devices.open("cuda", 1)).isInstanceOf(DeviceUnavailableException.class);
        } while (!standIn.failed().equals("cudaMalloc"));
        standIn.failAt(call);
        List<String> events = new ArrayList<>();
        TablePlan small = plan(temporary, 1, "batch=10", "development-batch=10");
        TableRunner runner = new TableRunner(small, "cuda", images(), new Events(events, 1), () -> events.add("end"));
        assertThatThrownBy(() -> runner.run(false)).isInstanceOf(Killed.class);
        assertThat(events).containsExactly("1 of 2: ours-ce", "end", "2 of 2: ce", "ce epoch 0");
        assertThat(status(temporary)).containsExactly(CellStatus.FAILED, CellStatus.UNFINISHED);
        assertThat(TableReports.write(selection, temporary).failures())
                .singleElement()
                .asString()
                .contains("cuda:0 cannot be used: no ", " bytes of device memory");
    }

    private static TableListener failing(List<String> events, RuntimeException failure) {
        return (cell, number, cells, time) -> {
            events.add(cell.config().row().name());
            return new RunListener() {
                @Override
                public void stepDone(int epoch, int step, double loss) {
                    throw failure;
                }
            };
        };
    }

    private List<CellStatus> status(Path out) {
        return selection.cells().stream()
                .map(cell -> new CellFolder(cell.folder(out)).status())
                .toList();
    }

    private List<String> run(Path out, int jobs, int killAfterSteps) {
        List<String> events = new ArrayList<>();
        new TableRunner(plan(out, jobs), FastestDevice.NAME, images(), new Events(events, killAfterSteps), () -> {})
                .run(false);
        return events;
    }

    private static ImageSource images() {
        return new ImageSource(DataFolder.locate(null));
    }

    /** Two epochs of three steps; stage 2 is the second. */
    private TablePlan plan(Path out, int jobs, String... more) {
        List<String> set = new ArrayList<>(List.of(
                "depth=8",
                "batch=250",
                "development-batch=20",
                "epochs=2",
                "stage2-epoch=1",
                "evaluate-every=2",
                "threads=1",
                "device=" + FastestDevice.NAME));
        set.addAll(List.of(more));
        return TablePlan.of(selection, new Changes(1, set), jobs, out);
    }

    /** Ends everything, as {@code kill -9} would. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Writes down what happens, and ends it after some steps. */
    private static final class Events implements TableListener {
        private final List<String> events;
        private int left;

        Events(List<String> events, int steps) {
            this.events = events;
            this.left = steps;
        }

        @Override
        public RunListener started(Cell cell, int number, int cells, Optional<Duration> time) {
            String row = cell.config().row().name();
            events.add(number + " of " + cells + ": " + row);
            return new RunListener() {
                @Override
                public void stepDone(int epoch, int step, double loss) {
                    if (step == 0) {
                        note(row + " epoch " + epoch);
                    }
                    countDown();
                }
            };
        }

        private synchronized void note(String event) {
            events.add(event);
        }

        private synchronized void countDown() {
            if (--left < 0) {
                throw new Killed();
            }
        }
    }
}
