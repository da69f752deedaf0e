package io.eider.engine.op;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.AssertionFailedError;

/** The comparison that all checks of ops hang on. */
class CloseTest {
    private static final double[] EXPECTED = {1, -200, 3};

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void oneNumberThatIsNoneIsFoundWhereverItStands(int place) {
        for (double wrong : new double[] {Double.NaN, Double.POSITIVE_INFINITY, EXPECTED[place] + 1}) {
            double[] actual = EXPECTED.clone();
            actual[place] = wrong;
            assertThatThrownBy(() -> Close.check("planted", EXPECTED, actual, 1e-3))
                    .isInstanceOf(AssertionFailedError.class)
                    .hasMessageContaining("element " + place);
        }
    }

    @Test
    void whatIsAllowedIsRelativeToTheLargest() {
        assertThatCode(() -> Close.check("near", EXPECTED, new double[] {1.1, -200, 2.9}, 1e-3))
                .doesNotThrowAnyException();
    }
}
