package io.eider.bench.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.eider.bench.step.Peer.Timing;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class CompareReportTest {
    private static final long MEGABYTE = 1_000_000;

    @Test
    void dividesMediansAndShowsThemByTurn() {
        Comparison comparison = new Comparison(
                List.of(
                        measurement("eider-plain", 99, List.of(turn(999, 10, 12, 11), turn(999, 20, 21, 22))),
                        measurement("torch-plain", 0, List.of(turn(999, 33, 33, 33), turn(999, 42, 42, 63)))),
                Map.of(Arithmetic.F32, 2e-5),
                0.004);
        CompareReport report = new CompareReport(comparison, "cpu");
        // Medians of 10 … 22 and of 33 … 63: 16 and 37.5; of the turns 11, 21 and 33, 42.
        assertThat(report.ratios().lines().skip(2))
                .containsExactly("| plain f32, PyTorch f32 over Eider |     2.34 | 2.00…3.00 | ≥ 1.8 | ≥ 2.4 |");
        assertThat(report.times().lines().skip(2))
                .containsExactly(
                        "| plain, f32 |   Eider |        16 |        11…21 |              200 |       99 |",
                        "| plain, f32 | PyTorch |        38 |        33…42 |              200 |          |");
        assertThat(report.grounds()).contains("at most 2.0e-05 in f32.").contains("at most 0.4 % of a core");
    }

    @Test
    void leavesOutTargetsWhoseRowsWereNotMeasured() {
        Comparison comparison =
                new Comparison(List.of(measurement("eider-plain", 99, List.of(turn(1, 1, 1)))), Map.of(), 0);
        assertThat(new CompareReport(comparison, "cpu").ratios()).isEmpty();
    }

    @Test
    void comparesElsewhereWithoutTheTargetsOfProcessors() {
        Comparison comparison = new Comparison(
                List.of(
                        measurement("eider-plain", 99, List.of(turn(999, 10, 12, 11))),
                        measurement("torch-plain", 0, List.of(turn(999, 33, 33, 33)))),
                Map.of(),
                0);
        CompareReport report = new CompareReport(comparison, "cuda:1");
        assertThat(report.ratios().lines().skip(2))
                .containsExactly("| plain f32, PyTorch f32 over Eider |     3.00 | 3.00…3.00 |      |     |");
        assertThat(report.heading(32, 100, 2, 1, 3)).contains(", device cuda:1, 1 × 3 steps in turn:");
    }

    private static Measurement measurement(String name, int arena, List<List<Timing>> turns) {
        Row row = Row.ALL.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        return new Measurement(row, turns, 200 * MEGABYTE, arena * MEGABYTE);
    }

    private static List<Timing> turn(double... millis) {
        return DoubleStream.of(millis).mapToObj(one -> new Timing(one, 1)).toList();
    }
}
