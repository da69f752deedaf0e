package io.eider.experiments.train;

import static io.eider.experiments.train.Configs.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eider.experiments.UserError;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainConfigTest {
    private final TrainConfig defaults = TrainConfig.defaults();

    @Test
    void theOptimiserDropsOneEpochBeforeTheLookAhead() {
        assertThat(List.of(158, 159, 178, 179).stream().map(defaults::learningRate))
                .map(Double::floatValue)
                .containsExactly(0.1f, 1e-3f, 1e-3f, 1e-5f);
        assertThat(List.of(159, 160, 179, 180).stream().map(defaults::lookAheadRate))
                .map(Double::floatValue)
                .containsExactly(0.1f, 1e-3f, 1e-3f, 1e-5f);
    }

    @Test
    void offsetsAreOptions() {
        TrainConfig config = with(with(defaults, "optimizer-drop-offset", 0), "look-ahead-drop-offset", 1);
        assertThat(config.learningRate(159)).isEqualTo(0.1);
        assertThat(config.lookAheadRate(159)).isLessThan(0.1);
    }

    @Test
    void aRunThatChangesNothingHasNoSecondStage() {
        assertThat(defaults.stage(159)).isEqualTo(1);
        assertThat(defaults.stage(160)).isEqualTo(2);
        TrainConfig uniform = with(defaults, "method", Method.UNIFORM);
        assertThat(uniform.stage(199)).isEqualTo(1);
        assertThat(with(uniform, "stage2-loss", Loss.CE).stage(199)).isEqualTo(1);
        assertThat(with(uniform, "stage2-loss", Loss.LDAM).stage(199)).isEqualTo(2);
        assertThat(with(uniform, "stage2-images", StageImages.BALANCED).stage(199))
                .isEqualTo(2);
    }

    @Test
    void theLearningRateWarmsUp() {
        TrainConfig config = with(defaults, "warmup-epochs", 5);
        assertThat(List.of(0, 1, 4, 5).stream().map(config::learningRate))
                .map(Double::floatValue)
                .containsExactly(0.02f, 0.04f, 0.1f, 0.1f);
    }

    @Test
    void aRunOfBeforeASwitchHasItOff() {
        ObjectNode older = (ObjectNode) Json.tree(defaults);
        older.remove("recompute");
        older.remove("tf32");
        older.remove("timed-search");
        assertThat(TrainConfig.of(older, "run.json")).isEqualTo(defaults);
        assertThat(TrainConfig.of((ObjectNode) Json.tree(with(defaults, "tf32", true)), "run.json")
                        .tf32())
                .isTrue();
        older.remove("seed");
        assertThatThrownBy(() -> TrainConfig.of(older, "run.json")).hasMessageContaining("seed");
    }

    @Test
    void theLastEpochIsAlwaysEvaluated() {
        TrainConfig config = with(with(defaults, "epochs", 10), "evaluate-every", 4);
        assertThat(List.of(2, 3, 7, 8, 9).stream().map(config::evaluatesAfter))
                .containsExactly(false, true, true, false, true);
    }

    @Test
    void jsonKeepsEveryValue() {
        TrainConfig config = with(with(defaults, "lr", 0.1 + 0.2), "init-from", "x.safetensors");
        assertThat(Json.read(Json.parse(Json.text(config), "text"), TrainConfig.class, "text"))
                .isEqualTo(config);
        assertThat(Json.text(config)).contains("\"dataset\" : \"cifar10-lt\"", "\"stage2-epoch\" : 160");
    }

    @ParameterizedTest
    @CsvSource({
        "imbalance, 0.5",
        "epochs, 0",
        "stage2-epoch, -1",
        "lr, 0",
        "lr-factor, 2",
        "optimizer-drop-offset, 2",
        "look-ahead-drop-offset, -1",
        "tau, -0.1",
        "beta, 1",
        "batch, 1",
        "development-batch, 1",
        "momentum, 1",
        "weight-decay, -1",
        "depth, 31",
        "evaluate-every, 0",
        "threads, -1",
        "gamma, -1",
        "ldam-scale, 0",
        "ldam-margin, -1",
        "warmup-epochs, -1",
        "weighting-lr, 0"
    })
    void namesTheOptionThatIsOutOfRange(String option, double value) {
        Object number = value == Math.rint(value) ? (Object) (int) value : (Object) value;
        assertThatThrownBy(() -> with(defaults, option, number))
                .isInstanceOf(UserError.class)
                .hasMessageMatching("--" + option + " must be .*, not .*");
    }

    @Test
    void withoutDevelopmentSetThereIsNoEpsilon() {
        assertThatThrownBy(() -> with(defaults, "protocol", "full"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--protocol development");
        assertThat(with(with(defaults, "tau", 0), "protocol", "full").tau()).isZero();
    }

    @Test
    void namesTheSettingOfAnotherType() {
        assertThatThrownBy(() -> with(defaults, "epochs", "many"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("epochs must be int");
        assertThatThrownBy(() -> with(defaults, "batch", 1.5))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("batch must be int");
        assertThatThrownBy(() -> with(defaults, "lr-drops", List.of("x")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("lr-drops must be Integer");
        assertThatThrownBy(() -> with(defaults, "lr", null))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("lr must be double");
    }

    @Test
    void refusesNothingAndWhatCannotBeComputed() {
        assertThatThrownBy(() -> with(defaults, "method", null))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--method has no value");
        assertThatThrownBy(() -> with(defaults, "nesterov", 7)).isInstanceOf(UserError.class);
        assertThatThrownBy(() -> with(with(defaults, "reduction", "weighted-mean"), "method", Method.L2RW))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--reduction");
        assertThat(with(with(defaults, "loss", Loss.SIGMOID_FOCAL), "stage2-loss", Loss.LDAM)
                        .stage(199))
                .isEqualTo(2);
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> with(defaults, "warm-up", 5))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("warm-up");
        assertThatThrownBy(() -> with(defaults, "method", "theirs"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("uniform, class-balanced, l2rw, meta-weight-net, ours");
    }
}
