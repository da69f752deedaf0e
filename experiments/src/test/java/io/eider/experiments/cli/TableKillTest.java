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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Ends a table with {@code kill -9} in both of its cells; it must end with the files of the table that was left alone. */
@Isolated // it takes time that other tests are measured by
class TableKillTest {
    private static final List<String> RESULTS =
            List.of("last.safetensors", "best.safetensors", "metrics.csv", "classes.csv", "split.txt", "report.md");
    private static final int MOMENT = 300;

    @TempDir
    private Path temporary;

    @Test
    void goesOnAfterEveryKill() throws IOException, InterruptedException {
        Path alone = temporary.resolve("alone");
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        assertThat(Eider.commandLine().setOut(nowhere).execute(arguments(alone).toArray(String[]::new)))
                .isZero();
        Path killed = temporary.resolve("killed");
        kill(start(killed), cell(killed, "ours-ce").resolve("last.safetensors"));
        kill(start(killed), cell(killed, "ce").resolve("run.json"));
        assertThat(start(killed).waitFor()).as(log(killed)).isZero();
        for (String row : List.of("ours-ce", "ce")) {
            for (String result : RESULTS) {
                assertThat(cell(killed, row).resolve(result))
                        .hasSameBinaryContentAs(cell(alone, row).resolve(result));
            }
        }
        assertThat(killed.resolve("table.md")).content().doesNotContain("unfinished", "missing", "failed");
        assertThat(log(killed)).contains("1 of 2 cells to train");
    }

    /** Kills a table a moment after a file has appeared. */
    private void kill(Process table, Path sign) throws IOException, InterruptedException {
        while (!Files.exists(sign)) {
            assertThat(table.waitFor(5, TimeUnit.MILLISECONDS))
                    .as(log(temporary.resolve("killed")))
                    .isFalse();
        }
        Thread.sleep(MOMENT);
        assertThat(table.isAlive()).as("it ended too early").isTrue();
        table.destroyForcibly().waitFor();
    }

    private static Path cell(Path out, String row) {
        return out.resolve("procedural-lt/if100").resolve(row).resolve("seed1");
    }

    private static List<String> arguments(Path out) {
        return List.of(("table procedural-lt --rows ours-ce,ce --out " + out
                        + " --set depth=8 --set epochs=2 --set stage2-epoch=1 --set evaluate-every=2 --set batch=250"
                        + " --set development-batch=20 --set threads=1 --set device=" + FastestDevice.NAME)
                .split(" "));
    }

    private static Process start(Path out) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "io.eider.experiments.cli.Eider"));
        command.addAll(arguments(out));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        out.resolveSibling("killed.log").toFile()))
                .start();
    }

    private static String log(Path out) throws IOException {
        return Files.readString(out.resolveSibling("killed.log"));
    }
}
