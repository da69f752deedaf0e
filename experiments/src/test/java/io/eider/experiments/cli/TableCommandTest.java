package io.eider.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eider.experiments.train.FastestDevice;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            table                                   | Missing required parameter: 'DATASET'
            table cifar10lt                         | no data set with tables named 'cifar10lt'; did you mean cifar10-lt
            table cifar10-lt --if 101               | no imbalance factor in the tables of cifar10-lt named '101'; did you mean 100
            table cifar10-lt --rows ours-cee        | no row named 'ours-cee'; did you mean ours-ce
            table cifar10-lt --seeds one            | 'one' is not a long
            table procedural-lt --jobs 0            | --jobs must be at least 1, not 0
            table procedural-lt --epochs-scale 0    | --epochs-scale must be above 0
            table procedural-lt --set dephts=8      | did you mean depth
            table procedural-lt --set depth=9       | --depth must be 6n + 2
            table procedural-lt --set seed=9        | use --if or --seeds
            table procedural-lt --set device=tpu    | there is no device 'tpu'
            table cifar10-lt --data /nowhere        | `eider data fetch cifar10`
            """)
    void oneLineExitCode2AndNothingIsBegun(String line, String message) {
        Path folder = temporary.resolve("out");
        List<String> args = new ArrayList<>(List.of(line.split(" ")));
        args.addAll(List.of("--out", folder.toString()));
        assertThat(eider(args)).isEqualTo(2);
        assertThat(err.toString().strip())
                .startsWith("eider: ")
                .contains(message)
                .hasLineCount(1);
        assertThat(folder).doesNotExist();
    }

    @Test
    void aFolderThatCannotBeMade() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));
        assertThat(table(file.resolve("out"))).isEqualTo(2);
        assertThat(err.toString())
                .contains("choose a writable folder with --out")
                .hasLineCount(1);
    }

    @Test
    void theTableGoesOnAfterACellThatFails() throws IOException {
        Path folder = temporary.resolve("out");
        assertThat(table(folder)).isEqualTo(1);
        assertThat(err.toString())
                .contains("eider: procedural-lt/if100/ours-ce seed 1: epoch 0, step ", "1 of 2 cells failed");
        String report = Files.readString(folder.resolve("table.md"));
        assertThat(out.toString().strip()).isEqualTo(report.strip());
        assertThat(report).contains("0 of 1, 1 failed", "settings changed", "ours-ce seed 1: epoch 0, step ");
        Path complete = folder.resolve("procedural-lt/if100/ce/seed1");
        assertThat(complete).isDirectoryContaining("glob:**/report.md");
        byte[] record = Files.readAllBytes(complete.resolve("run.json"));
        Path failed = folder.resolve("procedural-lt/if100/ours-ce/seed1/run.json");
        assertThat(failed).content().contains("\"status\" : \"failed\"").doesNotContain("resumed");

        assertThat(table(folder)).as("what failed stays so").isEqualTo(1);
        assertThat(failed).content().doesNotContain("resumed");
        assertThat(table(folder, "--retry-failed")).isEqualTo(1);
        assertThat(failed).content().contains("resumed");
        assertThat(complete.resolve("run.json")).hasBinaryContent(record);

        Files.delete(folder.resolve("table.md"));
        assertThat(table(folder, "--report-only")).isZero();
        assertThat(folder.resolve("table.md")).hasContent(report);
        assertThat(eider(List.of("report", complete.toString()))).isZero();
    }

    private int table(Path folder, String... more) {
        List<String> args = new ArrayList<>(
                List.of(("table procedural-lt --rows ours-ce,ce --out " + folder + " --set depth=8 --set epochs=1 --set"
                                + " stage2-epoch=0 --set batch=370 --set development-batch=20 --set tau=1e38 --set threads=1"
                                + " --set device=" + FastestDevice.NAME)
                        .split(" ")));
        args.addAll(List.of(more));
        return eider(args);
    }

    private int eider(List<String> args) {
        return Eider.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args.toArray(String[]::new));
    }
}
