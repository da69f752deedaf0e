package io.eider.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BFloat16Test {
    @Test
    void everyNumberOf16BitsIsItself() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = BFloat16.value((short) bits);
            assertThat(Float.isNaN(value) ? Float.isNaN(round(value)) : round(value) == value)
                    .as("bits %x", bits)
                    .isTrue();
        }
    }

    @Test
    void numbersAreRoundedToTheNearest() {
        assertThat(round(1 + 0x1p-7f * 0.49f)).isEqualTo(1);
        assertThat(round(1 + 0x1p-7f * 0.51f)).isEqualTo(1 + 0x1p-7f);
        assertThat(round(-3.14159f)).isEqualTo(-3.140625f);
    }

    @Test
    void tiesGoToTheEvenNumber() {
        assertThat(round(1 + 0x1p-8f)).isEqualTo(1);
        assertThat(round(1 + 3 * 0x1p-8f)).isEqualTo(1 + 4 * 0x1p-8f);
    }

    @Test
    void theEndsOfTheRange() {
        assertThat(round(Float.MAX_VALUE)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(round(-Float.MAX_VALUE)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(round(Float.MIN_VALUE)).isZero();
        assertThat(BFloat16.bits(-0f)).isEqualTo(Short.MIN_VALUE);
        // Its bits would be carried over into the sign.
        assertThat(round(Float.intBitsToFloat(0x7fffffff))).isNaN();
        assertThat(round(Float.intBitsToFloat(0x7f800001))).isNaN();
    }

    private static float round(float x) {
        return (float) BFloat16.round(x);
    }
}
