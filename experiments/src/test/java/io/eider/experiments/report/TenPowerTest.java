package io.eider.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenPowerTest {
    @ParameterizedTest
    @CsvSource({"0, ε", "-0.1, ε", "9999, ε", "0.09, ε (in 10⁻²)", "-4.2e-13, ε (in 10⁻¹³)", "1e4, ε (in 10⁴)"})
    void bringsTheLargestBetween1And10(double largest, String label) {
        assertThat(TenPower.of(DoubleStream.of(0, largest)).label("ε")).isEqualTo(label);
    }
}
