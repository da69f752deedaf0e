package io.eider.experiments.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.experiments.UserError;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DataFolderTest {
    @Test
    void optionComesBeforeVariableBeforeCacheBeforeHome() {
        Map<String, String> all = Map.of("EIDER_DATA", "/variable", "XDG_CACHE_HOME", "/cache");

        assertThat(DataFolder.locate("/option", all, "/home").root()).isEqualTo(Path.of("/option"));
        assertThat(DataFolder.locate(null, all, "/home").root()).isEqualTo(Path.of("/variable"));
        assertThat(DataFolder.locate(null, Map.of("EIDER_DATA", "", "XDG_CACHE_HOME", "/cache"), "/home")
                        .root())
                .isEqualTo(Path.of("/cache/eider"));
        assertThat(DataFolder.locate("", Map.of(), "/home").root()).isEqualTo(Path.of("/home/.cache/eider"));
    }

    @Test
    void filesLieInFoldersNamedAsInTheOfficialArchives() {
        DataFolder data = new DataFolder(Path.of("/data"));

        assertThat(data.file(Cifar.CIFAR10, Cifar.CIFAR10.testFile()))
                .isEqualTo(Path.of("/data/cifar-10-batches-bin/test_batch.bin"));
        assertThat(data.file(Cifar.CIFAR100, Cifar.CIFAR100.testFile()))
                .isEqualTo(Path.of("/data/cifar-100-binary/test.bin"));
    }

    @Test
    void namesAreComplete() {
        assertThat(Cifar.CIFAR10.classNames()).hasSize(10);
        assertThat(Cifar.CIFAR100.classNames())
                .hasSize(100)
                .startsWith("apple", "aquarium_fish")
                .endsWith("woman", "worm")
                .isSorted();
    }

    @Test
    void unknownDataSetListsTheKnownOnes() {
        assertThat(Cifar.byId("cifar100")).isEqualTo(Cifar.CIFAR100);
        assertThatThrownBy(() -> Cifar.byId("mnist"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("mnist")
                .hasMessageContaining("cifar10, cifar100");
    }
}
