package io.eider.experiments.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eider.experiments.train.Json;
import io.eider.experiments.train.TrainConfig;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ConfigOptionsTest {
    private final CommandLine train = Eider.commandLine().getSubcommands().get("train");

    @Test
    void everyComponentHasAnOption() {
        Json.tree(TrainConfig.defaults())
                .fieldNames()
                .forEachRemaining(name -> assertThat(train.getCommandSpec().findOption("--" + name))
                        .as(name)
                        .isNotNull());
    }

    @Test
    void whatIsNotGivenStays() {
        assertThat(config()).isEqualTo(TrainConfig.defaults());
    }

    @Test
    void whatIsGivenCounts() {
        TrainConfig config = config("--lr-drops", "30,40", "--tau", "0", "--look-ahead-reduction", "mean");
        assertThat(config.lrDrops()).isEqualTo(List.of(30, 40));
        assertThat(config.tau()).isZero();
        assertThat(config.lookAheadReduction()).hasToString("MEAN");
    }

    @ParameterizedTest
    @CsvSource({"--nesterov, true", "--no-nesterov, false"})
    void nesterovIsOnByDefaultAndCanBeTurnedOff(String option, boolean nesterov) {
        assertThat(config(option).nesterov()).isEqualTo(nesterov);
    }

    @Test
    void helpTellsTheDefaults() {
        assertThat(train.getUsageMessage())
                .contains("--tau=STEP", "Default: 160,180", "Default: 0.9999", "cifar10-lt, cifar100-lt");
    }

    private TrainConfig config(String... args) {
        String[] line = Stream.concat(Stream.of("train"), Arrays.stream(args)).toArray(String[]::new);
        return ConfigOptions.apply(
                TrainConfig.defaults(), Eider.commandLine().parseArgs(line).subcommand());
    }
}
