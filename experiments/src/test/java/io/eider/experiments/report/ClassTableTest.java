package io.eider.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.eider.experiments.train.Accuracy;
import io.eider.experiments.train.Statistics;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClassTableTest {
    private final ClassTable table = new ClassTable(
            List.of("eider", "goose", "king eider"),
            List.of(101, 100, 19),
            Map.of("ours", new Accuracy(3, List.of(9, 5, 1), List.of(10, 10, 10))));

    @Test
    void groupsByTrainingCount() {
        assertThat(table.groups()).isEqualTo("""
                        | classes            | number |    ours |
                        |--------------------|-------:|--------:|
                        | many (> 100)       |      1 | 90.00 % |
                        | medium (20 to 100) |      1 | 50.00 % |
                        | few (< 20)         |      1 | 10.00 % |
                        | all                |      3 | 50.00 % |
                        """);
    }

    @Test
    void leavesOutEpsilonWhereThereIsNone() {
        assertThat(table.classes(List.of(Statistics.NONE))).doesNotContain("eps");
        assertThat(table.classes(List.of(new Statistics(2, -5e-6, 5e-11, -1e-5, 0), Statistics.NONE, Statistics.NONE)))
                .contains("eps mean", "| eider      |          101 | 90.00 % | -5.00e-06 | -1.00e-05 | 0.00e+00 |");
    }

    @Test
    void bordersOfTheGroups() {
        assertThat(List.of(101, 100, 20, 19).stream().map(ShotGroup::of))
                .containsExactly(ShotGroup.MANY, ShotGroup.MEDIUM, ShotGroup.MEDIUM, ShotGroup.FEW);
    }
}
