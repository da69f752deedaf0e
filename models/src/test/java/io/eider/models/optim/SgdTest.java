package io.eider.models.optim;

import static io.eider.engine.op.primitive.Input.input;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.eider.engine.backend.Device;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.graph.Variable;
import io.eider.engine.program.Program;
import io.eider.models.Reference;
import io.eider.models.nn.Params;
import io.eider.models.nn.Variables;
import io.eider.models.resnet.CifarResnet;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SgdTest {
    private final Device device = new Reference().device();

    /** The gradient of ½ p² is p itself, so that every step can be followed by hand. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void momentumDecayAndLookingAhead(boolean nesterov) {
        Variables variables = new Variables(new CifarResnet(8, 10));
        variables.initialise(device, 1);
        Tensor learningRate = input("lr", TensorType.f32());
        Params gradients = variables.params();
        Variable variable = variables.parameterVariables().get("layer2.0.bn1.weight");
        double p = 1;
        double b = 0;
        Sgd.Update update = new Sgd(0.9, 0.01, nesterov).step(variables, gradients, learningRate);
        try (Program program = Program.compile(device, List.of(), update.assignments())) {
            for (double rate : new double[] {0.1, 0.1, 0.05}) {
                program.set(learningRate, new double[] {rate});
                program.run();
                double d = p + 0.01 * p;
                b = 0.9 * b + d;
                p -= rate * (nesterov ? d + 0.9 * b : b);
            }
        }
        double[] found = new double[32];
        device.variable(variable).read(found);
        assertThat(found[31]).isCloseTo(p, within(1e-14));
        device.variable(variables.momentumVariables().get("layer2.0.bn1.weight"))
                .read(found);
        assertThat(found[31]).isCloseTo(b, within(1e-14));
    }

    @Test
    void decayLeavesTheNamedParametersAlone() {
        Variables variables = new Variables(new CifarResnet(8, 10));
        Tensor learningRate = input("lr", TensorType.f32());
        Params none = variables.params().times(0);
        variables
                .parameterVariables()
                .values()
                .forEach(variable -> device.variable(variable).write(filled(variable)));
        Sgd.Update update = new Sgd(0, 0.5, false, Set.of("linear.bias")).step(variables, none, learningRate);
        try (Program program = Program.compile(
                device,
                List.of(update.params().get("linear.bias"), update.params().get("bn1.bias")),
                update.assignments())) {
            program.set(learningRate, new double[] {1});
            program.run();
            assertThat(program.get(update.params().get("linear.bias"))).containsOnly(1);
            assertThat(program.get(update.params().get("bn1.bias"))).containsOnly(0.5);
        }
    }

    private static float[] filled(Variable variable) {
        float[] ones = new float[(int) variable.type().shape().size()];
        Arrays.fill(ones, 1);
        return ones;
    }
}
