package io.eider.bench.step;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole command, with peers that are played. */
class CompareTest {
    private static final String SMALL = "--depth 8 --batch 4 --threads 1 --turns 2 --rounds 2";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private FakePython python;

    @BeforeEach
    void agree() throws IOException {
        python = new FakePython(folder)
                .row("torch-plain", "ready", "2.5", "2.25", "2")
                .row("torch-plain-cl", "ready", "2.501", "2.251", "2.001")
                .row("torch-plain-bf16", "ready", "2.52", "2.24", "2.02");
    }

    @Test
    void printsATableOfPeersThatAgree() {
        assertThat(compare("--peers torch-plain,torch-plain-cl,torch-plain-bf16"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .startsWith("ResNet-8, batch 4, development batch 4, 1 thread of ")
                .contains("2 × 2 steps in turn")
                .containsPattern("\\| plain, f32 +\\| +PyTorch \\| +10 \\| +10…10 \\| +[1-9]\\d* \\| +\\|")
                .contains("differ by at most 5.0e-04 in f32, 1.0e-02 in bf16")
                .containsPattern("While others ran, a peer used at most \\d\\.\\d % of a core");
    }

    @ParameterizedTest
    @CsvSource({"0,2.6", "1,2.2", "2,1.98", "2,NaN"})
    void printsNoTimesWhereALossIsWrong(int step, String wrong) throws IOException {
        String[] losses = {"2.5", "2.25", "2"};
        losses[step] = wrong;
        python.row("torch-plain-cl", "ready", losses);
        assertThat(compare("--peers torch-plain,torch-plain-cl")).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .startsWith("compare: losses disagree, so nothing is compared: in step " + (step + 1)
                        + " torch-plain-cl has ")
                .contains("torch-plain ")
                .hasLineCount(1);
    }

    @Test
    void holdsALossInBf16ToACoarserTolerance() throws IOException {
        python.row("torch-plain-bf16", "ready", "2.6", "2.25", "2");
        assertThat(compare("--peers torch-plain,torch-plain-bf16")).isEqualTo(1);
        assertThat(err.toString()).contains("torch-plain-bf16 has 2.6");
    }

    @Test
    void refusesTimesBesideOursWhereALossIsWrong() {
        assertThat(compare("--peers eider-plain,torch-plain")).isEqualTo(1);
        assertThat(err.toString())
                .contains("torch-plain has 2.5")
                .contains("eider-plain")
                .hasLineCount(1);
    }

    @Test
    void measuresOurs() {
        assertThat(compare("--peers eider-plain,eider-stage2"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .containsPattern("\\| stage 2, f32 +\\| +Eider \\| +\\d+ \\| +\\d+…\\d+ \\| +\\d+ \\| +\\d+ \\|")
                .containsPattern("\\| Eider f32, stage 2 over plain +\\| +\\d+\\.\\d\\d \\| .* ≤ 3.6 \\| ≤ 3.4 \\|")
                .containsPattern("- eider-plain, eider-stage2: oneDNN v\\S+ for .*, convolutions .*:");
    }

    @Test
    void listsAPeerThatCannotDoItsStep() throws IOException {
        python.row("torch-plain-cl", "unavailable no such layout here");
        assertThat(compare("--peers torch-plain,torch-plain-cl,djl-plain --djl " + folder.resolve("none.jar")))
                .isZero();
        assertThat(out.toString())
                .contains("- torch-plain-cl: not measured: no such layout here\n")
                .contains("- djl-plain: not measured: " + folder.resolve("none.jar") + " is not there");
    }

    @Test
    void tellsPeersWhereToCompute() {
        assertThat(compare("--peers torch-plain,djl-plain,eider-plain-bf16 --device cuda:7"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .contains(", device cuda:7, ")
                .contains("- torch-plain: computes on cuda:7\n")
                .contains("- djl-plain: not measured: the DJL peer computes on the cpu alone\n")
                .contains("- eider-plain-bf16: not measured: ");
    }

    @Test
    void saysThatTorchIsMissing() throws IOException {
        python.row("torch-plain", "missing PyTorch; pip install torch");
        assertThat(compare("--peers torch-plain")).isEqualTo(2);
        assertThat(err.toString()).isEqualTo("compare: PyTorch; pip install torch\n");
    }

    @Test
    void saysThatTheInterpreterIsMissing() {
        assertThat(execute(SMALL + " --peers torch-plain --python " + folder.resolve("nowhere")))
                .isEqualTo(2);
        assertThat(err.toString()).startsWith("compare: cannot run '" + folder).hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ':',
            value = {"crash:torch-plain ended with code 3, out of ideas", "2.5x:torch-plain said 'ran 10 2.5x'"})
    void endsWithAPeerThatFails(String loss, String message) throws IOException {
        python.row("torch-plain", "ready", "2.5", "2.25", loss);
        assertThat(compare("--peers torch-plain")).isEqualTo(1);
        assertThat(err.toString()).startsWith("compare: " + message).hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--turns 0",
                "--rounds 1",
                "--threads 0",
                "--batch 0",
                "--batch many",
                "--depth 9",
                "--device gpu",
                "--peers torch-plan",
                "--nonsense"
            })
    void refusesWhatMakesNoSense(String option) {
        assertThat(execute(option)).isEqualTo(2);
        assertThat(err.toString()).startsWith("compare: ").hasLineCount(1);
    }

    @Test
    void peersEndWithIt() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                Compare.class.getName()));
        String endless = SMALL.replace("--turns 2", "--turns 1000000");
        command.addAll(List.of((endless + " --peers torch-plain --python " + python.path()).split(" ")));
        Process killed = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        // The first process only tells what oneDNN does.
        while (python.processIds("torch-plain").size() < 2) {
            assertThat(killed.waitFor(5, TimeUnit.MILLISECONDS))
                    .as(Files.readString(folder.resolve("log")))
                    .isFalse();
        }
        long peer = python.processIds("torch-plain").get(1);
        assertThat(alive(peer)).isTrue();
        killed.destroyForcibly().waitFor();
        for (int i = 0; i < 500 && alive(peer); i++) {
            Thread.sleep(20);
        }
        assertThat(alive(peer)).isFalse();
    }

    @Test
    @EnabledIfSystemProperty(
            named = "eider.python",
            matches = ".+",
            disabledReason = "needs an interpreter that has torch: -Deider.python=PATH")
    void pyTorchComputesTheSameSteps() {
        String rows = "eider-plain,eider-stage2,torch-plain,torch-plain-cl,torch-plain-bf16,torch-stage2-authors,"
                + "torch-stage2-jvp,torch-stage2-jvp-cl";
        assertThat(execute(SMALL + " --peers " + rows + " --python " + System.getProperty("eider.python")))
                .as(err.toString())
                .isZero();
    }

    private static boolean alive(long process) {
        return ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
    }

    private int compare(String options) {
        return execute(SMALL + " --python " + python.path() + " " + options);
    }

    private int execute(String options) {
        return Compare.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(options.split(" "));
    }
}
