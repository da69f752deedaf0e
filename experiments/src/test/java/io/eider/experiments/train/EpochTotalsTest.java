package io.eider.experiments.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class EpochTotalsTest {
    private final EpochTotals totals = new EpochTotals(3);

    @Test
    void sumsLossesAndSummarisesEpsilonByClass() {
        totals.addLosses(new float[] {1, 3}, new float[] {2, -1}, new int[] {0, 2}, 2, 1);
        totals.addLosses(new float[] {2}, new float[] {1}, new int[] {2}, 1, 1);
        totals.addEpsilon(new float[] {-0.5f, 0.25f, -0.25f}, new int[] {2, 0, 2}, 3);
        EpochTotals.Snapshot sums = totals.snapshot();
        assertThat(sums.meanLoss()).isEqualTo(2);
        assertThat(sums.meanWeightedLoss()).isEqualTo(1.0 / 3);
        assertThat(sums.error()).isEqualTo(100 - 200.0 / 3);
        assertThat(sums.epsilon())
                .containsExactly(
                        new Statistics(1, 0.25, 0, 0.25, 0.25),
                        Statistics.NONE,
                        new Statistics(2, -0.375, 0.03125, -0.5, -0.25));
        assertThat(sums.epsilon().get(2).deviation()).isEqualTo(0.125);
        assertThat(sums.allEpsilon().mean()).isCloseTo(-0.5 / 3, within(1e-16));
        assertThat(sums.allEpsilon().deviation()).isCloseTo(Math.sqrt(0.375 / 3 - 0.25 / 9), within(1e-15));
        assertThat(sums.weights())
                .containsExactly(new Statistics(1, 2, 0, 2, 2), Statistics.NONE, new Statistics(2, 0, 2, -1, 1));
    }

    @Test
    void goesOnFromASnapshotThatWentThroughText() {
        totals.addLosses(new float[] {0.1f, 1e-20f}, new float[] {0.3f, 7}, new int[] {1, 0}, 2, 0);
        totals.addEpsilon(new float[] {1e-7f}, new int[] {1}, 1);
        EpochTotals.Snapshot read =
                Json.read(Json.parse(Json.text(totals.snapshot()), "text"), EpochTotals.Snapshot.class, "text");
        EpochTotals restored = new EpochTotals(3);
        restored.restore(read);
        assertThat(restored.snapshot()).isEqualTo(totals.snapshot());
        restored.clear();
        assertThat(restored.snapshot()).isEqualTo(EpochTotals.Snapshot.empty(3));
    }
}
