package io.eider.bench.kernel;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.experiments.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckedKernelTest {
    private static final KernelCase ADD = KernelCase.parse(null, "add of 3 3");

    @ParameterizedTest
    @ValueSource(doubles = {2.00001, Double.NaN, Double.NEGATIVE_INFINITY})
    void oneWrongNumberIsFound(double wrong) {
        assertThatThrownBy(() -> CheckedKernel.check(ADD, 0, new double[] {1, 2, 3}, new double[] {1, wrong, 3 + 1e-7}))
                .isInstanceOf(WrongResultException.class)
                .hasMessageContaining(
                        "output 0 of add of 3 3 is wrong: element 1 is " + (wrong == 2.00001 ? "2.00001" : ""));
    }

    @Test
    void roundingIsAllowed() {
        assertThatCode(() -> CheckedKernel.check(ADD, 0, new double[] {1, 2, 3}, new double[] {1, 2 + 2e-7, 3}))
                .doesNotThrowAnyException();
    }

    @Test
    void inBFloatsANeighbourIsAllowedAndTheNextIsNot() {
        KernelCase add = KernelCase.parse(null, "add of 3:bf16 3:bf16");
        double[] expected = {36.75, 1, 64};
        assertThatCode(() -> CheckedKernel.check(add, 0, expected, new double[] {36.5, 1.0078125, 63.75}))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> CheckedKernel.check(add, 0, expected, new double[] {36.75, 1.015625, 64}))
                .isInstanceOf(WrongResultException.class)
                .hasMessageContaining("element 1 is 1.01562500, the reference says 1.00000000, and 0.0079 is allowed");
    }

    @Test
    void numbersThatGiveNoResultAreRefused() {
        try (Device device = Devices.open("cpu", 1)) {
            assertThatThrownBy(() -> CheckedKernel.open(device, KernelCase.parse(null, "log of 100x10")))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("not finite; draw other numbers, such as 100x10:positive");
        }
    }

    @Test
    void aCaseWithoutAKernelIsRefused() {
        try (Device device = Devices.open("cpu", 1)) {
            assertThatThrownBy(() -> CheckedKernel.open(
                            device, KernelCase.parse(null, "transpose order=8,0,1,2,3,4,5,6,7 of 1x1x1x1x1x1x1x1x2")))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("there is no kernel for transpose");
        }
    }
}
