package io.eider.experiments.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eider.experiments.UserError;
import io.eider.experiments.train.Loss;
import io.eider.experiments.train.Method;
import io.eider.experiments.train.TrainConfig;
import io.eider.experiments.weighting.Reduction;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamedConfigsTest {
    @Test
    void everyConfigurationCanBeTrained() {
        List<NamedConfig> all = NamedConfigs.all();
        assertThat(all.stream().filter(config -> config.row().table())).hasSize(14 * (6 * 2 + 3));
        assertThat(all.stream().map(NamedConfig::name)).doesNotHaveDuplicates();
        assertThat(all).allSatisfy(config -> {
            TrainConfig resolved = TrainConfig.of(config.settings(), config.name());
            assertThat(resolved.imbalance()).isEqualTo(config.factor());
            assertThat(resolved.stage2Epoch()).isLessThan(resolved.epochs());
        });
    }

    @Test
    void aRowIsItsScheduleAndWhatDiffersFromIt() {
        TrainConfig config = resolved("cifar100-lt/if50/ldam-drw");
        assertThat(config.loss()).isEqualTo(Loss.LDAM);
        assertThat(config.method()).isEqualTo(Method.CLASS_BALANCED);
        assertThat(config.reduction()).isEqualTo(Reduction.WEIGHTED_MEAN);
        assertThat(config.warmupEpochs()).isEqualTo(5);
        assertThat(config.batch()).isEqualTo(128);
        assertThat(config.stage2Epoch()).isEqualTo(160);
        assertThat(config.learningRate(4)).isEqualTo(0.1);
        assertThat(config.learningRate(159)).isEqualTo(0.1);
        assertThat((float) config.learningRate(160)).isEqualTo(1e-3f);
    }

    @Test
    void oursIsTheDefault() {
        assertThat(resolved("cifar10-lt/if100/ours-ce")).isEqualTo(TrainConfig.defaults());
    }

    @Test
    void theLookAheadRulesOfTheTableHaveDevelopmentSets() {
        assertThat(NamedConfigs.all().stream()
                        .filter(config -> config.row().table())
                        .map(config -> TrainConfig.of(config.settings(), config.name()))
                        .filter(TrainConfig::looksAhead))
                .hasSize(6 * (6 * 2 + 3));
    }

    @Test
    void publishedNumbersStandByName() {
        assertThat(NamedConfigs.find("cifar10-lt/if100/ours-ce").published()).hasValue(23.59);
        assertThat(NamedConfigs.find("cifar100-lt/if200/ours-focal").published())
                .isEmpty();
        assertThat(NamedConfigs.find("cifar10-lt/if100/ours-ce-no-epsilon").published())
                .isEmpty();
        ConfigFiles.read("paper.yaml")
                .properties()
                .forEach(dataset -> dataset.getValue()
                        .properties()
                        .forEach(row -> row.getValue()
                                .fieldNames()
                                .forEachRemaining(factor -> assertThat(NamedConfigs.find(
                                                        dataset.getKey() + "/if" + factor + "/" + row.getKey())
                                                .row()
                                                .table())
                                        .isTrue())));
    }

    @Test
    void namesTheNearest() {
        assertThatThrownBy(() -> NamedConfigs.find("cifar10-lt/if100/ours-fokal"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("did you mean cifar10-lt/if100/ours-focal");
        ObjectNode tree = ConfigFiles.defaults();
        assertThatThrownBy(() -> Settings.put(tree, "epoch=3"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("did you mean epochs");
        assertThatThrownBy(() -> Settings.put(tree, "epochs"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("key=value");
        assertThatThrownBy(() -> Settings.put(tree, "lr-drops=[1"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("YAML");
    }

    @Test
    void settingsAreYaml() {
        ObjectNode tree = ConfigFiles.defaults();
        Settings.put(tree, "lr-drops=[3, 4]");
        Settings.put(tree, "loss=ldam");
        Settings.put(tree, "init-from=null");
        TrainConfig config = TrainConfig.of(tree, "test");
        assertThat(config.lrDrops()).containsExactly(3, 4);
        assertThat(config.loss()).isEqualTo(Loss.LDAM);
        assertThat(config.initFrom()).isNull();
    }

    @Test
    void schedulesShrinkAsAWhole() {
        ObjectNode tree = NamedConfigs.find("cifar10-lt/if100/ours-ce").settings();
        Settings.scaleEpochs(tree, 0.05);
        TrainConfig config = TrainConfig.of(tree, "test");
        assertThat(List.of(config.epochs(), config.stage2Epoch())).containsExactly(10, 8);
        assertThat(config.lrDrops()).containsExactly(8, 9);
        for (double scale : new double[] {0.001, 0.01, 0.02, 0.3}) {
            for (NamedConfig named : NamedConfigs.all()) {
                ObjectNode shrunk = named.settings();
                Settings.scaleEpochs(shrunk, scale);
                assertThat(shrunk.get("stage2-epoch").asInt())
                        .as("%s times %s", named.name(), scale)
                        .isLessThan(shrunk.get("epochs").asInt());
            }
        }
        assertThatThrownBy(() -> Settings.scaleEpochs(tree, 0))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--epochs-scale");
    }

    private static TrainConfig resolved(String name) {
        return TrainConfig.of(NamedConfigs.find(name).settings(), name);
    }
}
