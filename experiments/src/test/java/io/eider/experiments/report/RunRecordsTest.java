package io.eider.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.experiments.UserError;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecordsTest {
    @TempDir
    private Path temporary;

    @Test
    void readsClassesOnce() {
        RunRecords run = RunFixture.read(RunFixture.ours(temporary.resolve("ours")));
        assertThat(run.name()).isEqualTo("ours");
        assertThat(run.classNames()).isEqualTo(RunFixture.CLASSES);
        assertThat(run.trainImages()).containsExactly(400, 100, 20, 5);
    }

    @Test
    void aFolderIsCalledByItsNameEvenIfItIsWrittenOtherwise() {
        Path folder = RunFixture.ours(temporary.resolve("ours"));
        assertThat(RunFixture.read(folder.resolve("../ours/.")).name()).isEqualTo("ours");
    }

    @Test
    void foldersOfOneNameAreCalledByTheirPaths() {
        Path a = RunFixture.ours(temporary.resolve("a/run"));
        Path b = RunFixture.ours(temporary.resolve("b/run"));
        Path c = RunFixture.ours(temporary.resolve("c"));
        List<RunRecords> runs = RunRecords.read(List.of(a, b, c));
        assertThat(runs).extracting(RunRecords::name).containsExactly(a.toString(), b.toString(), "c");
        assertThat(runs.get(0).fileName())
                .endsWith("-a-run")
                .doesNotStartWith("-")
                .doesNotContain("/");
        refuses(() -> RunRecords.read(List.of(a, a)), "name every run once");
    }

    @Test
    void refusesWhatIsNoRunOrHasNotBegun() {
        refuses(() -> RunFixture.read(temporary), "holds no run; name a folder that `eider train` wrote");
        Path begun = RunFixture.plain(temporary.resolve("begun"));
        RunFixture.write(begun, "metrics.csv", "epoch,train_loss\n");
        refuses(() -> RunFixture.read(begun), "has no finished epoch yet");
    }

    private static void refuses(ThrowingCallable reading, String message) {
        assertThatThrownBy(reading).isInstanceOf(UserError.class).hasMessageContaining(message);
    }
}
