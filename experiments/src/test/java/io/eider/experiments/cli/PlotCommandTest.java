package io.eider.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eider.experiments.report.RunFixture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlotCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path temporary;

    private String ours;
    private String plain;

    @BeforeEach
    void write() {
        ours = RunFixture.ours(temporary.resolve("ours")).toString();
        plain = RunFixture.plain(temporary.resolve("plain")).toString();
    }

    @Test
    void drawsOneRunIntoItsFolder() {
        assertThat(eider("plot", ours)).as(err.toString()).isZero();
        List<String> files = out.toString().lines().toList();
        assertThat(files).hasSize(10).first().isEqualTo(ours + "/plots/epsilon.png");
        assertThat(files).allSatisfy(file -> assertThat(Path.of(file)).isNotEmptyFile());
        assertThat(temporary.resolve("ours/plots").toFile().list())
                .containsExactlyInAnyOrder(
                        "epsilon.png",
                        "epsilon.svg",
                        "weights.png",
                        "weights.svg",
                        "accuracy-by-size.png",
                        "accuracy-by-size.svg",
                        "confusion.png",
                        "confusion.svg",
                        "losses.png",
                        "losses.svg");
    }

    @Test
    void drawsSeveralRunsAndSaysWhatItSkips() {
        Path folder = temporary.resolve("figures/here");
        assertThat(eider("plot", ours, plain, "--format", "svg", "--out", folder.toString()))
                .as(err.toString())
                .isZero();
        assertThat(out.toString().lines())
                .contains("skipped confusion: plain has no confusion.csv")
                .endsWith(
                        folder.resolve("accuracy-by-size.svg").toString(),
                        folder.resolve("confusion-ours.svg").toString(),
                        folder.resolve("losses.svg").toString());
        assertThat(folder.resolve("epsilon-ours.svg")).content().contains("king eider");
        assertThat(folder.resolve("losses.png")).doesNotExist();
    }

    @Test
    void showsTheClassesAskedFor() {
        assertThat(eider("plot", ours, "--classes", "1,2", "--epochs", "1", "--format", "svg"))
                .isZero();
        assertThat(temporary.resolve("ours/plots/epsilon.svg"))
                .content()
                .contains("goose, swan")
                .doesNotContain("king eider");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            plot                          | Missing required parameter: 'RUN'
            plot /nowhere                 | /nowhere holds no run; name a folder that `eider train` wrote
            plot OURS PLAIN               | --out must name a folder
            plot OURS OURS --out OUT      | name every run once
            plot OURS --format pdf        | 'pdf' is not one of png, svg
            plot OURS --classes 0,4       | ours has no class 4, only 0 to 3
            plot OURS --classes first     | 'first' is not an int
            plot OURS --epochs 0          | --epochs must be at least 1
            plot OURS --out OURS/run.json | choose a writable folder with --out
            """)
    void oneLineAndExitCode2(String line, String message) {
        String[] args = line.replace("OURS", ours)
                .replace("PLAIN", plain)
                .replace("OUT", temporary.resolve("out").toString())
                .split(" ");
        assertThat(eider(args)).isEqualTo(2);
        assertThat(err.toString().strip())
                .startsWith("eider: ")
                .contains(message)
                .doesNotContain("Exception:")
                .hasLineCount(1);
    }

    @Test
    void aDamagedTable() throws IOException {
        Files.writeString(Path.of(ours, "metrics.csv"), "epoch,train_loss\n0,2.0\n");
        assertThat(eider("plot", ours)).isEqualTo(2);
        assertThat(err.toString())
                .contains("metrics.csv is damaged: it has no column 'train_weighted_loss'")
                .hasLineCount(1);
    }

    private int eider(String... args) {
        return Eider.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
    }
}
