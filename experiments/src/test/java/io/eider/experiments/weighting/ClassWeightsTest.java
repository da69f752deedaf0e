package io.eider.experiments.weighting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassWeightsTest {
    /** The published protocol's counts on CIFAR-LT-10, and the weights they give at β = 0.9999, to four decimals. */
    @ParameterizedTest
    @CsvSource({
        "4990 2769 1537 853 473 262 145 80 44 24, .0275 .0446 .0758 .1321 .2337 .4175 .7501 1.3551 2.4593 4.5043",
        "4990 2991 1793 1075 644 386 231 138 83 49, .0502 .0763 .1201 .1935 .3162 .5208 .8636 1.4389 2.3859 4.0345",
        "4990 3863 2991 2316 1793 1388 1075 832 644 499, .2923 .3583 .4441 .5554 .6995 .8860 1.1265 1.4382 1.8409 2.3588",
    })
    void agreeWithThePublishedProtocol(String counts, String expected) {
        double[] weights = ClassWeights.effectiveNumber(
                Arrays.stream(counts.split(" ")).mapToInt(Integer::parseInt).toArray(), 0.9999);
        double[] published = Arrays.stream(expected.split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        assertThat(weights).containsExactly(published, within(0.5e-4));
        assertThat(Arrays.stream(weights).sum()).isCloseTo(10, within(1e-12));
    }

    @Test
    void betaZeroWeighsAllClassesAlike() {
        assertThat(ClassWeights.effectiveNumber(new int[] {7, 1, 500}, 0)).containsExactly(1, 1, 1);
    }

    @Test
    void anEmptyClassAndABetaOfOneAreErrors() {
        assertThatThrownBy(() -> ClassWeights.effectiveNumber(new int[] {3, 0}, 0.9))
                .hasMessageContaining("class 1");
        assertThatThrownBy(() -> ClassWeights.effectiveNumber(new int[] {3}, 1)).hasMessageContaining("[0, 1)");
    }
}
