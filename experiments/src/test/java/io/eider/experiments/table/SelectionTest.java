package io.eider.experiments.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.experiments.UserError;
import io.eider.experiments.config.Changes;
import io.eider.experiments.config.NamedConfigs;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelectionTest {
    @TempDir
    private Path temporary;

    @Test
    void aWholeTableComesBeforeTheSecondSeed() {
        Selection selection = select(List.of("100", "50"), List.of("ours-ce", "ce", "ours-ce"), List.of(2L, 1L));
        assertThat(selection.cells().stream().map(Cell::name))
                .containsExactly(
                        "cifar10-lt/if100/ours-ce seed 2",
                        "cifar10-lt/if100/ce seed 2",
                        "cifar10-lt/if50/ours-ce seed 2",
                        "cifar10-lt/if50/ce seed 2",
                        "cifar10-lt/if100/ours-ce seed 1",
                        "cifar10-lt/if100/ce seed 1",
                        "cifar10-lt/if50/ours-ce seed 1",
                        "cifar10-lt/if50/ce seed 1");
        assertThat(selection.cells().get(0).folder(Path.of("t")))
                .isEqualTo(Path.of("t/cifar10-lt/if100/ours-ce/seed2"));
    }

    @Test
    void allAndTable() {
        assertThat(select(List.of("all"), List.of("table"), List.of(1L)).cells())
                .hasSize(6 * 14);
        assertThat(select(List.of("100"), List.of("all"), List.of(1L)).rows()).isEqualTo(NamedConfigs.rows());
        assertThat(select(List.of("100"), List.of("table", "ce-drw"), List.of(1L))
                        .rows())
                .hasSize(15);
    }

    @Test
    void cellsShareTheCores() {
        int cores = Runtime.getRuntime().availableProcessors();
        assertThat(threads(Changes.NONE, 1)).isEqualTo(cores);
        assertThat(threads(Changes.NONE, 2)).isEqualTo(Math.max(1, cores / 2));
        assertThat(threads(Changes.NONE, 5 * cores)).isEqualTo(1);
        assertThat(threads(new Changes(1, List.of("threads=3")), 2)).isEqualTo(3);
    }

    @Test
    void whatNamesACellCannotBeSet() {
        for (String assignment : List.of("seed=3", "imbalance=5", "dataset=cifar100-lt")) {
            assertThatThrownBy(() -> threads(new Changes(1, List.of(assignment)), 1))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("--seeds");
        }
    }

    private int threads(Changes changes, int jobs) {
        return TablePlan.of(select(List.of("100"), List.of("ce"), List.of(1L)), changes, jobs, temporary)
                .cells()
                .get(0)
                .config()
                .threads();
    }

    private static Selection select(List<String> factors, List<String> rows, List<Long> seeds) {
        return Selection.of("cifar10-lt", factors, rows, seeds);
    }
}
