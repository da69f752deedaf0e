package io.eider.experiments.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.program.Precision;
import io.eider.engine.program.Program;
import io.eider.engine.program.ProgramOptions;
import io.eider.models.nn.Params;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundedLookAheadTest {
    private final Tensor filter = Input.input("filter", TensorType.f32(2, 1, 1, 2));
    private final Tensor bias = Input.input("bias", TensorType.f32(4));
    private final Tensor step = Input.input("step", TensorType.f32(2, 1, 1, 2));

    /** Neighbours of 1 are 2⁻⁷ above and 2⁻⁸ below, so 1 comes back from 2⁻⁸ above and from 2⁻⁹ below. */
    @ParameterizedTest
    @CsvSource({"0.00390625, 0", "0.00391, 0.75", "-0.001953125, 0", "-0.00196, 0.75", "1e-30, 0"})
    void aWeightMovesIfItIsRoundedToAnotherNumber(float by, double share) {
        assertThat(moved(new float[] {by, by, by, 0})).isEqualTo(share);
    }

    @Test
    void onlyFiltersCount() {
        assertThat(moved(new float[4])).isZero();
    }

    private double moved(float[] by) {
        Params theta = params(filter, bias);
        Params ahead = params(filter.plus(step), bias.plus(1));
        Tensor moved = RoundedLookAhead.moved(theta, ahead);
        try (Device device = Devices.open("reference", 1);
                Program program =
                        Program.compile(device, List.of(moved), List.of(), ProgramOptions.of(Precision.BF16))) {
            program.set(filter, new float[] {1, 1, 1, 1});
            program.set(step, by);
            if (program.reads(bias)) {
                program.set(bias, new float[4]);
            }
            program.run();
            return program.get(moved)[0];
        }
    }

    private static Params params(Tensor weight, Tensor rest) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("weight", weight);
        tensors.put("bias", rest);
        return Params.of(tensors);
    }
}
