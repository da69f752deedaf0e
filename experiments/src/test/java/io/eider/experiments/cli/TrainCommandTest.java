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

class TrainCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            train --datset cifar10-lt           | Unknown options: '--datset'
            train --dataset mnist               | 'mnist' is not one of cifar10-lt, cifar100-lt, procedural-lt
            train --method theirs               | 'theirs' is not one of uniform, class-balanced, l2rw, meta-weight-net, ours
            train --epochs many                 | 'many' is not an int
            train --lr -1                       | --lr must be above 0
            train --lr-drops 1,x                | --lr-drops
            train --checkpoint-every -1         | --checkpoint-every must be at least 0
            train --data /nowhere               | `eider data fetch cifar10`
            train --dataset procedural-lt --device tpu     | there is no device 'tpu'; known are auto
            train --dataset procedural-lt --init-from none | there is no checkpoint none
            eval                                | Missing required option: '--checkpoint
            eval --checkpoint none              | there is no checkpoint none
            check-step none                     | none
            data fetch mnist                    | no data set 'mnist'; choose one of cifar10, cifar100
            data import /nowhere                | /nowhere
            """)
    void oneLineAndExitCode2(String line, String message) {
        List<String> args = new ArrayList<>(List.of(line.split(" ")));
        if (line.startsWith("train")) {
            args.addAll(List.of("--out", temporary.resolve("out").toString()));
        }
        assertThat(eider(args)).isEqualTo(2);
        assertThat(err.toString().strip())
                .startsWith("eider: ")
                .contains(message)
                .doesNotContain("Exception:")
                .hasLineCount(1);
    }

    @Test
    void aFolderThatCannotBeMade() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));
        assertThat(train(file.resolve("out"))).isEqualTo(2);
        assertThat(err.toString())
                .contains("choose a writable folder with --out")
                .hasLineCount(1);
    }

    @Test
    void aDamagedCheckpoint() throws IOException {
        Path damaged = Files.write(temporary.resolve("damaged.safetensors"), new byte[20]);
        assertThat(train(temporary.resolve("out"), "--init-from", damaged.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains(damaged.toString()).hasLineCount(1);
        assertThat(eider(List.of("eval", "--checkpoint", damaged.toString()))).isEqualTo(2);
    }

    @Test
    void numbersThatCannotBeComputedWith() {
        assertThat(train(temporary.resolve("out"), "--lr", "1e30")).isEqualTo(1);
        assertThat(err.toString()).startsWith("eider: epoch 0, step ").hasLineCount(1);
    }

    @Test
    void trainsEvaluatesAndSaysHowToGoOn() {
        Path folder = temporary.resolve("out");
        assertThat(train(folder, "--tau", "0.5")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("# procedural-lt", "| disc ", "eps mean");
        assertThat(folder.resolve("report.md")).hasContent(out.toString().strip());
        assertThat(train(folder)).isEqualTo(2);
        assertThat(err.toString()).contains("add --resume");
        assertThat(eider(List.of("train", "--resume", "--out", folder.toString())))
                .as("what is not given stays as it was")
                .isZero();
        assertThat(eider(List.of("train", "--resume", "--tau", "0.1", "--out", folder.toString())))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--tau was 0.5 and is now 0.1");
        assertThat(eider(List.of(
                        "eval",
                        "--checkpoint",
                        folder.resolve("last.safetensors").toString())))
                .isZero();
        assertThat(out.toString()).contains("Test error");
    }

    private int train(Path folder, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "train --dataset procedural-lt --imbalance 300 --depth 8 --epochs 1 --stage2-epoch 0 --batch 500"
                        .split(" ")));
        args.addAll(List.of("--development-batch", "20", "--threads", "1", "--device", FastestDevice.NAME));
        args.addAll(List.of("--out", folder.toString()));
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
