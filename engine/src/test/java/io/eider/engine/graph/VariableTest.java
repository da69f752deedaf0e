package io.eider.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VariableTest {
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "U8")
    void aVariableHoldsNumbersOfAnyType(DType dtype) {
        TensorType type = new TensorType(dtype, Shape.of(2, 3));
        assertThat(new Variable("v", type).type()).isEqualTo(type);
    }

    @Test
    void aVariableOfBytesIsRefused() {
        assertThatThrownBy(() -> new Variable("pixels", TensorType.u8(2, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "variable pixels cannot be of type u8[2, 3]: bytes are for inputs and places, not for what outlives a step");
    }
}
