package io.eider.experiments.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CounterRandomTest {
    private final CounterRandom random = CounterRandom.of(1, "test");

    @Test
    void drawsDependOnSeedPurposeAndCounterOnly() {
        long draw = random.bits(5);
        assertThat(random.bits(6)).isNotEqualTo(draw);

        assertThat(CounterRandom.of(1, "test").bits(5)).isEqualTo(draw);
        assertThat(CounterRandom.of(2, "test").bits(5)).isNotEqualTo(draw);
        assertThat(CounterRandom.of(1, "tset").bits(5)).isNotEqualTo(draw);
    }

    @Test
    void everyBitIsSetHalfOfTheTime() {
        int draws = 10_000;
        for (int bit = 0; bit < 64; bit++) {
            int place = bit;
            long set = IntStream.range(0, draws)
                    .filter(i -> (random.bits(i) >>> place & 1) == 1)
                    .count();
            // Standard deviation 50: five of them.
            assertThat(set).as("bit %d", bit).isCloseTo(5000, within(250L));
        }
    }

    @Test
    void unitIsUniform() {
        double[] draws = IntStream.range(0, 10_000).mapToDouble(random::unit).toArray();
        assertThat(Arrays.stream(draws).boxed()).allMatch(u -> u >= 0 && u < 1);
        // Standard deviation of the mean is 0.0029.
        assertThat(Arrays.stream(draws).average().orElseThrow()).isCloseTo(0.5, within(0.015));
    }

    @Test
    void belowReachesEveryValueEquallyOften() {
        int[] counts = new int[9];
        IntStream.range(0, 90_000).forEach(i -> counts[random.below(i, 9)]++);
        // Standard deviation 94: five of them.
        assertThat(Arrays.stream(counts).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(9_530, 10_470));
    }

    @Test
    void belowOneIsZeroAndBelowZeroIsRefused() {
        assertThat(random.below(7, 1)).isZero();
        assertThat(random.below(7, Integer.MAX_VALUE)).isNotNegative();
        assertThatThrownBy(() -> random.below(7, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shuffleMakesEveryOrderEquallyOften() {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 24_000; i++) {
            int[] values = {0, 1, 2, 3};
            random.shuffle(values, 4L * i);
            counts.merge(Arrays.toString(values), 1, Integer::sum);
        }
        assertThat(counts).hasSize(24);
        // Standard deviation 31: five of them.
        assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(845, 1155));
    }

    @Test
    void shuffledHeadIsTheHeadOfTheShuffle() {
        int[] whole = IntStream.range(0, 50).toArray();
        int[] head = whole.clone();
        random.shuffle(whole, 9);
        random.shuffleHead(head, 10, 9);

        assertThat(Arrays.copyOf(head, 10)).containsExactly(Arrays.copyOf(whole, 10));
        assertThat(Arrays.stream(head).sorted())
                .containsExactlyElementsOf(IntStream.range(0, 50).boxed().toList());
    }
}
