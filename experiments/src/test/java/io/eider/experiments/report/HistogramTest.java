package io.eider.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistogramTest {
    @Test
    void countsEveryNumberOnce() {
        Histogram histogram = Histogram.of(new double[] {0, 1, 1.5, 29, 30});
        assertThat(histogram.edges()).hasSize(31).startsWith(0, 1, 2).endsWith(30);
        assertThat(histogram.counts()).hasSize(31).startsWith(1, 2, 0).endsWith(2, 0);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-7, -3, 1e300})
    void numbersThatAreAllTheSame(double number) {
        Histogram histogram = Histogram.of(new double[] {number, number, number * (1 + 1e-9)});
        assertThat(Arrays.stream(histogram.counts()).sum()).isEqualTo(3);
        assertThat(histogram.edges()[0]).isLessThan(number);
        assertThat(histogram.edges()[30]).isGreaterThan(number);
    }
}
