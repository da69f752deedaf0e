package io.eider.models.optim;

import static io.eider.models.optim.StepSchedule.Passing.AT_DROP;
import static io.eider.models.optim.StepSchedule.Passing.ONE_EPOCH_BEFORE_DROP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepScheduleTest {
    /** The epochs around the drops of the released code, where optimiser and look-ahead differ. */
    @ParameterizedTest
    @CsvSource({
        "0, 0.1, 0.1",
        "158, 0.1, 0.1",
        "159, 0.001, 0.1",
        "160, 0.001, 0.001",
        "178, 0.001, 0.001",
        "179, 0.00001, 0.001",
        "180, 0.00001, 0.00001",
        "199, 0.00001, 0.00001"
    })
    void dropsWhereTheReleasedCodeDoes(int epoch, double optimiser, double lookAhead) {
        List<Integer> drops = List.of(160, 180);
        assertThat(new StepSchedule(0.1, 0.01, drops, ONE_EPOCH_BEFORE_DROP).at(epoch))
                .isCloseTo(optimiser, within(1e-15));
        assertThat(new StepSchedule(0.1, 0.01, drops, AT_DROP).at(epoch)).isCloseTo(lookAhead, within(1e-15));
    }
}
