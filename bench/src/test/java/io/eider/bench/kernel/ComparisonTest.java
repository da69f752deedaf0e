package io.eider.bench.kernel;

import static io.eider.bench.kernel.ResultTest.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.eider.bench.kernel.Comparison.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    static ResultFile file(Result... results) {
        return new ResultFile(
                "2026-01-02",
                "a note",
                "a device",
                Host.here(),
                12.5,
                new Timing(2, 1, 2, 5, 500),
                List.of("-Xmx1g"),
                Map.of("OMP_NUM_THREADS", "2"),
                List.of(results),
                Map.of("b", "wrong"));
    }

    @Test
    void casesOfBothFilesAreSortedByRatio() {
        List<Comparison> comparisons = Comparison.of(
                file(result("a", 10.0), result("b", 10.0), result("gone", 1.0), result("c", 10.0)),
                file(result("c", 15.0), result("a", 5.0), result("b", 20.0), result("new", 1.0)));
        assertThat(comparisons).extracting(one -> one.before().name()).containsExactly("b", "c", "a");
        assertThat(comparisons).extracting(Comparison::ratio).containsExactly(2.0, 1.5, 0.5);
        assertThat(Comparison.inOneOnly(
                        file(result("a", 1.0), result("gone", 1.0)), file(result("new", 1.0), result("a", 1.0))))
                .containsExactly("gone", "new");
    }

    @Test
    void aDifferenceCountsWhenNoTimesOverlap() {
        Result before = result("a", 10.0, 12.0, 11.0);
        assertThat(new Comparison(before, result("a", 12.5, 13.0, 14.0)).verdict())
                .isEqualTo(Verdict.SLOWER);
        assertThat(new Comparison(before, result("a", 11.5, 13.0, 14.0)).verdict())
                .isEqualTo(Verdict.NOISE);
        assertThat(new Comparison(before, result("a", 9.0, 8.0, 9.9)).verdict()).isEqualTo(Verdict.FASTER);
        assertThat(new Comparison(before, result("a", 9.0, 8.0, 10.0)).verdict())
                .isEqualTo(Verdict.NOISE);
    }

    @Test
    void theRangeIsOfAnyTwoTimes() {
        Comparison one = new Comparison(result("a", 10.0, 20.0), result("a", 30.0, 40.0));
        assertThat(one.lowest()).isEqualTo(1.5);
        assertThat(one.highest()).isEqualTo(4);
    }

    @Test
    void ceilingsAreComparedByTheirMedian() {
        Result before = result("a", 1.0);
        Result after = new Result("a", "a", "kernel", "a", 1, 1, 800, 25, List.of(1.0));
        List<Comparison> comparisons =
                List.of(new Comparison(before, before), new Comparison(before, after), new Comparison(before, after));
        assertThat(Comparison.median(comparisons, Comparison::gemmRatio)).isEqualTo(2);
        assertThat(Comparison.median(comparisons, Comparison::copyRatio)).isEqualTo(0.5);
    }
}
