package io.eider.experiments.train;

import static io.eider.experiments.train.Configs.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.engine.backend.Device;
import io.eider.engine.program.Precision;
import io.eider.experiments.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingRunTest {
    private static final List<String> RESULTS =
            List.of("last.safetensors", "best.safetensors", "metrics.csv", "classes.csv", "confusion.csv", "split.txt");

    private static final TrainingRun.Options BEGIN = new TrainingRun.Options(false, false, 2);
    private static final TrainingRun.Options RESUME = new TrainingRun.Options(true, false, 2);
    private static final TrainingRun.Options FORCE = new TrainingRun.Options(true, true, 2);

    private final TrainConfig config = Configs.tiny(Method.OURS);

    @TempDir
    private Path temporary;

    @Test
    void sigmoidsGiveWayToCosines() {
        TrainConfig focal = with(with(config, "loss", Loss.SIGMOID_FOCAL), "stage2-loss", Loss.LDAM);
        assertThat(run("focal", focal).last().epoch()).isEqualTo(2);
    }

    @Test
    void writesTheWeightOfEveryImage() throws IOException {
        run("last", config);
        assertThat(Files.readAllLines(temporary.resolve("last/weights.csv")))
                .hasSize(1 + 18)
                .first()
                .isEqualTo("epoch,image,label,epsilon,weight");
        TrainConfig all = with(with(config, "log-weights", LogWeights.ALL), "method", Method.L2RW);
        run("all", with(all, "stage2-epoch", 1));
        assertThat(temporary.resolve("all/weights")).isDirectoryContaining("glob:**/epoch-1.csv");
        assertThat(Files.readAllLines(temporary.resolve("all/weights/epoch-2.csv")))
                .hasSize(1 + 18)
                .element(1)
                .asString()
                .matches("2,\\d+,\\d,,[0-9.E-]+");
        assertThat(temporary.resolve("all/weights.csv"))
                .hasSameTextualContentAs(temporary.resolve("all/weights/epoch-2.csv"));
        run("none", with(config, "log-weights", LogWeights.NONE));
        assertThat(temporary.resolve("none/weights.csv")).doesNotExist();
    }

    @Test
    void leavesItsResults() {
        TrainedRun run = run("a", config);
        assertThat(temporary.resolve("a")).isDirectoryContaining("glob:**/run.json");
        assertThat(record("a")).contains("\"status\" : \"complete\"", "\"tau\" : 0.01");
        assertThat(lines("steps/stage1-batch" + config.batch() + ".txt")).anyMatch(line -> line.startsWith("conv2d "));
        assertThat(temporary.resolve("a/steps")).isDirectoryContaining("glob:**/stage2-batch*.txt");
        assertThat(lines("metrics.csv")).hasSize(4);
        assertThat(lines("metrics.csv").get(0)).startsWith("epoch,stage,lr,eta,train_loss");
        assertThat(lines("metrics.csv").get(3)).startsWith("2,2,0.1,0.1,");
        assertThat(lines("classes.csv")).hasSize(1 + 3 * 10);
        assertThat(run.last().epoch()).isEqualTo(2);
        assertThat(run.epsilon()).allSatisfy(epsilon -> {
            assertThat(epsilon.count()).isPositive();
            assertThat(epsilon.min()).isLessThanOrEqualTo(epsilon.mean());
        });
    }

    @ParameterizedTest
    @CsvSource({"OURS, TRAIN, F32", "META_WEIGHT_NET, TRAIN, F32", "UNIFORM, BALANCED, F32", "OURS, TRAIN, BF16"})
    void goesOnFromTheMiddleOfAnEpochToTheSameBits(Method method, StageImages images, Precision precision)
            throws IOException {
        TrainConfig other = with(with(with(config, "method", method), "stage2-images", images), "precision", precision);
        run("whole", other);
        for (int stop : List.of(3, 7, 12)) {
            String name = "stopped-" + stop;
            assertThatThrownBy(() -> run(name, other, BEGIN, new StopAfter(stop)))
                    .isInstanceOf(StopAfter.Stopped.class);
            run(name, other, RESUME);
            for (String result : RESULTS) {
                assertThat(temporary.resolve(name).resolve(result))
                        .hasSameBinaryContentAs(temporary.resolve("whole").resolve(result));
            }
        }
    }

    @Test
    void whatChangesNoNumberMayBeChangedInTheMiddle() {
        run("whole", config);
        assertThatThrownBy(() -> run("stopped", config, BEGIN, new StopAfter(7)))
                .isInstanceOf(StopAfter.Stopped.class);
        run("stopped", with(config, "recompute", true), RESUME);
        for (String result : List.of("metrics.csv", "classes.csv", "confusion.csv")) {
            assertThat(temporary.resolve("stopped").resolve(result))
                    .hasSameBinaryContentAs(temporary.resolve("whole").resolve(result));
        }
    }

    @Test
    void aFinishedRunIsResumedWithoutAStep() throws IOException {
        run("a", config);
        byte[] last = Files.readAllBytes(temporary.resolve("a/last.safetensors"));
        TrainedRun again = run("a", config, RESUME);
        assertThat(again.last().epoch()).isEqualTo(2);
        assertThat(temporary.resolve("a/last.safetensors")).hasBinaryContent(last);
        assertThat(record("a")).contains("\"resumed\"");
    }

    @Test
    void refusesAFolderWithARunAndAnotherConfiguration() {
        run("a", config);
        assertThatThrownBy(() -> run("a", config)).isInstanceOf(UserError.class).hasMessageContaining("--resume");
        TrainConfig longer = with(config, "epochs", 4);
        assertThatThrownBy(() -> run("a", longer, RESUME))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--epochs was 3 and is now 4")
                .hasMessageContaining("--force");
        assertThat(run("a", longer, FORCE).last().epoch()).isEqualTo(3);
    }

    @Test
    void aRunInBFloat16SaysSoAndWhatIsLeftOfItsLookAhead() throws IOException {
        TrainConfig bfloats = with(config, "precision", Precision.BF16);
        run("a", bfloats);
        assertThat(record("a")).contains("\"precision\" : \"bf16\"");
        assertThat(lines("metrics.csv").get(0)).endsWith(",look_ahead_moved");
        assertThat(lines("metrics.csv").get(1)).startsWith("0,1,").endsWith(",");
        assertThat(Double.parseDouble(lines("metrics.csv").get(3).replaceFirst(".*,", "")))
                .isBetween(0.01, 1.0);
        assertThatThrownBy(() -> run("a", config, RESUME))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--precision was \"bf16\" and is now \"f32\"");
        run("b", config);
        assertThat(Files.readAllLines(temporary.resolve("b/metrics.csv")).get(3))
                .endsWith(",");
    }

    @Test
    void severalMethodsGoOnFromOneStage1() {
        TrainConfig stage1 = with(Configs.tiny(Method.UNIFORM), "epochs", 2);
        run("stage1", stage1);
        TrainConfig ours = with(
                config,
                "init-from",
                temporary.resolve("stage1/last.safetensors").toString());
        assertThat(run("ours", ours).last().epoch()).isEqualTo(2);
        run("net", with(ours, "method", Method.META_WEIGHT_NET));
        TrainConfig after = with(
                with(
                        ours,
                        "init-from",
                        temporary.resolve("net/last.safetensors").toString()),
                "epochs",
                4);
        assertThat(run("after", after).last().epoch()).isEqualTo(3);
        assertThatThrownBy(() -> run("other", with(ours, "seed", 2)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("other images");
        assertThatThrownBy(() -> run("short", with(ours, "epochs", 2)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--epochs must be more");
    }

    @Test
    void aRateThatIsTooLargeFailsWithEpochAndStepAndKeepsWhatWasSaved() {
        TrainConfig wild = with(config, "lr", 1e30);
        assertThatThrownBy(() -> run("wild", wild, new TrainingRun.Options(false, false, 1)))
                .isInstanceOf(TrainingFailedException.class)
                .hasMessageStartingWith("epoch 0, step ")
                .hasMessageContaining("example");
        assertThat(record("wild")).contains("\"status\" : \"failed\"");
        assertThat(temporary.resolve("wild/last.safetensors")).exists();
    }

    @Test
    void oneProcessAtATimeUsesAFolder() {
        try (RunFolder held = RunFolder.open(temporary.resolve("a"))) {
            assertThat(held.path()).exists();
            assertThatThrownBy(() -> RunFolder.open(temporary.resolve("a")))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("in use");
        }
    }

    /** Ends the run from within, as a full disk would: after a step, before anything else is saved. */
    private static final class StopAfter implements RunListener {
        static final class Stopped extends RuntimeException {
            private static final long serialVersionUID = 1L;
        }

        private int left;

        StopAfter(int steps) {
            left = steps;
        }

        @Override
        public void stepDone(int epoch, int step, double loss) {
            if (--left < 0) {
                throw new Stopped();
            }
        }
    }

    private TrainedRun run(String name, TrainConfig what) {
        return run(name, what, BEGIN);
    }

    private TrainedRun run(String name, TrainConfig what, TrainingRun.Options options) {
        return run(name, what, options, new RunListener() {});
    }

    private TrainedRun run(String name, TrainConfig what, TrainingRun.Options options, RunListener listener) {
        try (Device device = FastestDevice.open();
                RunFolder folder = RunFolder.open(temporary.resolve(name))) {
            return new TrainingRun(what, Configs.images(what), device, folder, options).execute(listener);
        }
    }

    private String record(String name) {
        return RunFolder.readRecord(temporary.resolve(name)).map(Json::text).orElseThrow();
    }

    private List<String> lines(String file) {
        try {
            return Files.readAllLines(temporary.resolve("a").resolve(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
