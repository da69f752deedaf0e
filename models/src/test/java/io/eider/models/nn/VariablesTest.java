package io.eider.models.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.eider.engine.backend.Device;
import io.eider.models.Reference;
import io.eider.models.resnet.CifarResnet;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VariablesTest {
    private final Device device = new Reference().device();
    private final Variables variables = new Variables(new CifarResnet(20, 10));

    @Test
    void filtersAreKaimingNormal() {
        variables.initialise(device, 1);
        Variables.read(device, variables.parameterVariables()).forEach((name, numbers) -> {
            if (name.endsWith("conv1.weight") || name.endsWith("conv2.weight") || name.equals("linear.weight")) {
                int fanIn =
                        (int) variables.parameterVariables().get(name).type().bytes()
                                / Float.BYTES
                                / variables
                                        .parameterVariables()
                                        .get(name)
                                        .type()
                                        .shape()
                                        .dim(0);
                double variance = 2.0 / fanIn;
                double mean = 0;
                double squares = 0;
                for (float number : numbers) {
                    mean += number / (double) numbers.length;
                    squares += (double) number * number / numbers.length;
                }
                // Four standard errors, of the mean and of the variance of a normal sample.
                assertThat(mean).as(name).isCloseTo(0, within(4 * Math.sqrt(variance / numbers.length)));
                assertThat(squares)
                        .as(name)
                        .isCloseTo(variance, within(4 * variance * Math.sqrt(2.0 / numbers.length)));
            }
        });
    }

    @Test
    void theOthersStartWhereTheRecipeSays() {
        variables.initialise(device, 1);
        Map<String, float[]> params = Variables.read(device, variables.parameterVariables());
        assertThat(params.get("layer2.1.bn2.weight")).containsOnly(1);
        assertThat(params.get("layer2.1.bn2.bias")).containsOnly(0);
        for (float number : params.get("linear.bias")) {
            assertThat(number).isBetween(-0.125f, 0.125f).isNotZero();
        }
        Map<String, float[]> state = Variables.read(device, variables.stateVariables());
        assertThat(state.get("bn1.running_mean")).containsOnly(0);
        assertThat(state.get("bn1.running_var")).containsOnly(1);
        Variables.read(device, variables.momentumVariables())
                .values()
                .forEach(numbers -> assertThat(numbers).containsOnly(0));
    }

    @Test
    void aSeedIsItsBits() {
        variables.initialise(device, 7);
        Map<String, float[]> first = Variables.read(device, variables.parameterVariables());
        variables.initialise(device, 7);
        Variables.read(device, variables.parameterVariables())
                .forEach((name, numbers) -> assertThat(numbers).containsExactly(first.get(name)));
        variables.initialise(device, 8);
        assertThat(Variables.read(device, variables.parameterVariables()).get("conv1.weight"))
                .isNotEqualTo(first.get("conv1.weight"));
        assertThat(first.get("layer1.0.conv1.weight")).isNotEqualTo(first.get("layer1.0.conv2.weight"));
    }

    /** The numbers were made by a Python program that shares no code with the JDK. */
    @Test
    void theBitsOfASeedDoNotChangeWithTheLibrary() {
        variables.initialise(device, 42);
        float[] filters = Variables.read(device, variables.parameterVariables()).get("conv1.weight");
        assertThat(filters).startsWith(-0.09808082f, -0.070612036f, -0.30032843f, 0.028679796f);
    }

    @Test
    void aWrongWriteChangesNothing() {
        variables.initialise(device, 1);
        Map<String, float[]> numbers = new HashMap<>(Variables.read(device, variables.stateVariables()));
        numbers.put("bn1.running_mean", new float[] {1, 2});
        assertThatThrownBy(() -> Variables.write(device, variables.stateVariables(), numbers))
                .hasMessageContaining("bn1.running_mean");
        numbers.remove("bn1.running_mean");
        assertThatThrownBy(() -> Variables.write(device, variables.stateVariables(), numbers))
                .hasMessageContaining("bn1.running_mean");
        numbers.put("bn1.running_means", new float[16]);
        assertThatThrownBy(() -> Variables.write(device, variables.stateVariables(), numbers))
                .hasMessageContaining("bn1.running_means");
        assertThat(Variables.read(device, variables.stateVariables()).get("bn1.running_mean"))
                .containsOnly(0);
    }
}
