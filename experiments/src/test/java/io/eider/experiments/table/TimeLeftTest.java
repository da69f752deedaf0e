package io.eider.experiments.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.eider.experiments.config.NamedConfigs;
import io.eider.experiments.train.Epochs;
import io.eider.experiments.train.Work;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeLeftTest {
    private static final double CLOSE = 1e-12;

    private final Cell first = new Cell(NamedConfigs.find("cifar10-lt/if100/ce"), 1);
    private final Cell second = new Cell(NamedConfigs.find("cifar10-lt/if100/ours-ce"), 1);
    private final TimeLeft left = new TimeLeft();

    @Test
    void isGuessedFromWhatWasMeasured() {
        left.expect(first, new Work(1000, 0, 300));
        left.expect(second, new Work(500, 100, 0));
        assertThat(left.at(1)).isEmpty();
        assertThat(left.share()).isZero();
        // 0.5 s an image; a look-ahead has not been met and counts 3.4 times, a test a third.
        left.epoch(first, Epochs.trained(200, 100, 0), false, 0, new Work(800, 0, 300));
        assertThat(left.at(1)).hasValue(Duration.ofSeconds(400 + 250 + 170 + 50));
        assertThat(left.at(2)).hasValue(Duration.ofSeconds(435));
        assertThat(left.share()).isCloseTo(200 / (1000 + 100 + 500 + 340.0), within(CLOSE));
        left.end(first);
        left.epoch(second, Epochs.trained(50, 100, 0), true, 0, new Work(500, 50, 0));
        assertThat(left.at(1)).as("2 s a look-ahead").hasValue(Duration.ofSeconds(250 + 100));
        left.end(second);
        assertThat(left.share()).isEqualTo(1);
        assertThat(left.at(1)).hasValue(Duration.ZERO);
    }
}
