package io.eider.bench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultTest {
    static Result result(String name, Double... micros) {
        return new Result(name, name, "kernel", name, 4_000_000, 1_000_000, 400, 50, List.of(micros));
    }

    @Test
    void ratesAreOfTheMedianAndPercentOfTheCeilings() {
        // 4 MFLOP and 1 MB in 20 us
        Result result = result("a", 30.0, 20.0, 19.0, 22.0, 18.0);
        assertThat(result.medianMicros()).isEqualTo(20);
        assertThat(result.gflops()).isCloseTo(200, within(1e-9));
        assertThat(result.percentOfGemm()).isCloseTo(50, within(1e-9));
        assertThat(result.gbs()).isCloseTo(50, within(1e-9));
        assertThat(result.percentOfCopy()).isCloseTo(100, within(1e-9));
        assertThat(result.noisePercent()).isCloseTo(30, within(1e-9));
    }

    @Test
    void ofAnEvenNumberTheMedianIsBetweenTheMiddleTwo() {
        assertThat(result("a", 4.0, 1.0, 2.0, 9.0).medianMicros()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"13117440,13000000", "13517440,14000000", "99,96", "100,96", "1040,1000", "4,8", "9940,9896"})
    void copiesAreOfTwoDigits(long bytes, long copied) {
        assertThat(Session.footprint(bytes)).isEqualTo(copied);
    }

    @Test
    void neighboursTakeWhatIsNeitherIdleNorOurs() {
        assertThat(Neighbours.percent(400, 100, 200)).isEqualTo(25);
        assertThat(Neighbours.percent(400, 100, 301)).isZero();
    }
}
