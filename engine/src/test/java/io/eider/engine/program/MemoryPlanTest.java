package io.eider.engine.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.engine.program.MemoryPlan.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {

    @Test
    void values_that_never_meet_share_a_place() {
        MemoryPlan plan = MemoryPlan.of(List.of(new Value(100, 0, 1), new Value(100, 2, 3)));
        assertThat(plan.offset(0)).isEqualTo(plan.offset(1));
        assertThat(plan.bytes()).isEqualTo(128);
    }

    @Test
    void a_value_read_at_the_step_that_makes_another_keeps_its_place() {
        MemoryPlan plan = MemoryPlan.of(List.of(new Value(64, 0, 1), new Value(64, 1, 2)));
        assertThat(plan.bytes()).isEqualTo(128);
    }

    @Test
    void a_chain_of_values_in_place_needs_one_place() {
        MemoryPlan plan = MemoryPlan.of(List.of(new Value(64, 0, 1), new Value(64, 1, 2, 0), new Value(64, 2, 3, 1)));
        assertThat(plan.bytes()).isEqualTo(64);
    }

    @Test
    void only_a_value_that_dies_can_be_replaced_and_only_once() {
        assertThatThrownBy(() -> MemoryPlan.of(List.of(new Value(64, 0, 2), new Value(64, 1, 2, 0))))
                .hasMessageContaining("cannot take the place");
        assertThatThrownBy(() ->
                        MemoryPlan.of(List.of(new Value(64, 0, 1), new Value(64, 1, 2, 0), new Value(64, 1, 2, 0))))
                .hasMessageContaining("twice");
    }

    @Test
    void nothing_needs_no_memory() {
        assertThat(MemoryPlan.of(List.of()).bytes()).isZero();
        assertThat(MemoryPlan.of(List.of(new Value(0, 0, 9))).bytes()).isZero();
    }

    @RepeatedTest(20)
    void random_lifetimes_never_overlap_and_stay_near_the_lower_bound(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            int first = random.nextInt(200);
            int last = first + (random.nextInt(4) == 0 ? random.nextInt(150) : random.nextInt(6));
            values.add(new Value((long) Math.exp(random.nextDouble() * 14), first, last));
        }
        MemoryPlan plan = MemoryPlan.of(values);
        for (int i = 0; i < values.size(); i++) {
            assertThat(plan.offset(i) % MemoryPlan.ALIGNMENT).isZero();
            assertThat(plan.offset(i) + values.get(i).bytes()).isLessThanOrEqualTo(plan.bytes());
            for (int j = 0; j < i; j++) {
                assertThat(overlap(plan, values, i, j))
                        .as("values %d and %d", i, j)
                        .isFalse();
            }
        }
        double ratio = (double) plan.bytes() / plan.lowerBound();
        System.out.printf("memory plan: %.3f of the lower bound%n", ratio);
        assertThat(ratio).isBetween(1.0, 1.3);
    }

    private static boolean overlap(MemoryPlan plan, List<Value> values, int i, int j) {
        Value a = values.get(i);
        Value b = values.get(j);
        return a.first() <= b.last()
                && b.first() <= a.last()
                && plan.offset(i) < plan.offset(j) + b.bytes()
                && plan.offset(j) < plan.offset(i) + a.bytes();
    }
}
