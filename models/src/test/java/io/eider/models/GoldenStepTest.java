package io.eider.models;

import static io.eider.engine.op.fused.CrossEntropy.crossEntropy;
import static io.eider.engine.op.primitive.Input.input;
import static io.eider.engine.op.primitive.StopGradient.stopGradient;
import static io.eider.engine.op.primitive.Sum.sum;
import static org.assertj.core.api.Assertions.assertThat;

import io.eider.engine.backend.Device;
import io.eider.engine.graph.Graph.Assignment;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.program.Program;
import io.eider.models.nn.Mode;
import io.eider.models.nn.Network;
import io.eider.models.nn.Params;
import io.eider.models.nn.Variables;
import io.eider.models.optim.Sgd;
import io.eider.models.resnet.CifarResnet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks and optimiser against PyTorch, both in 64 bits. */
class GoldenStepTest {
    /** Of the norm. Both sides round at 2e-16 and sum up to 1e4 terms, in different orders: √1e4 · 2e-16, with room for depth. */
    private static final double TOLERANCE = 1e-12;

    private final Device device = new Reference().device();

    @ParameterizedTest
    @CsvSource({"stage2-step-resnet8-ce, 8", "stage2-step-resnet32-ce-cifar10, 32"})
    void logitsAndLosses(String name, int depth) throws IOException {
        Golden golden = Golden.open(name);
        Variables variables = new Variables(new CifarResnet(depth, 10));
        golden.write(variables, device);
        Tensor x = input("x", golden.imageType("x"));
        Tensor y = input("y", TensorType.i32(x.shape().dim(0)));
        Tensor logits = variables
                .network()
                .apply(variables.params(), variables.state(), x, Mode.TRAIN)
                .logits();
        Tensor losses = crossEntropy(logits, y);
        try (Program program = Program.compile(device, List.of(logits, losses), List.of())) {
            program.set(x, golden.numbers("x"));
            program.set(y, golden.labels("y"));
            program.run();
            assertThat(golden.relativeError("logits", program.get(logits))).isLessThan(TOLERANCE);
            assertThat(golden.relativeError("losses", program.get(losses))).isLessThan(TOLERANCE);
        }
    }

    @Test
    void aWholeStep() throws IOException {
        Golden golden = Golden.open("stage2-step-resnet8-ce");
        Variables variables = new Variables(new CifarResnet(8, 10));
        golden.write(variables, device);
        Network net = variables.network();
        Params theta = variables.params();

        Tensor x = input("x", golden.imageType("x"));
        Tensor y = input("y", TensorType.i32(x.shape().dim(0)));
        Tensor xDev = input("x_dev", golden.imageType("x_dev"));
        Tensor yDev = input("y_dev", TensorType.i32(xDev.shape().dim(0)));
        Tensor w = input("w", TensorType.f32(x.shape().dim(0)));
        Tensor learningRate = input("lr", TensorType.f32());

        Network.Output output = net.apply(theta, variables.state(), x, Mode.TRAIN);
        Tensor losses = crossEntropy(output.logits(), y);
        double eta = golden.constant("eta");
        Params ahead = theta.minus(Params.gradients(sum(losses.times(w)), theta).times(eta));
        Tensor dev = mean(crossEntropy(
                net.apply(ahead, variables.state(), xDev, Mode.TRAIN).logits(), yDev));
        Params v = Params.gradients(dev, ahead);
        Tensor epsGrad = stopGradient(Params.jvp(losses, theta, v)).times(-eta);
        Tensor weights = w.minus(epsGrad.times(golden.constant("tau")));
        Params grad = Params.gradients(mean(weights.times(losses)), theta);

        List<Assignment> assignments =
                new ArrayList<>(new Sgd(golden.constant("momentum"), golden.constant("weight_decay"), true)
                        .step(variables, grad, learningRate)
                        .assignments());
        assignments.addAll(variables.assignState(output.state()));
        List<Tensor> outputs = new ArrayList<>(List.of(dev, epsGrad, weights));
        outputs.addAll(ahead.tensors());
        outputs.addAll(v.tensors());
        outputs.addAll(grad.tensors());
        try (Program program = Program.compile(device, outputs, assignments)) {
            program.set(x, golden.numbers("x"));
            program.set(y, golden.labels("y"));
            program.set(xDev, golden.numbers("x_dev"));
            program.set(yDev, golden.labels("y_dev"));
            program.set(w, classWeights(golden));
            program.set(learningRate, new double[] {golden.constant("lr")});
            program.run();
            check(golden, "dev_loss", program.get(dev));
            check(golden, "eps_grad", program.get(epsGrad));
            check(golden, "weights", program.get(weights));
            ahead.asMap().forEach((name, tensor) -> check(golden, "lookahead/" + name, program.get(tensor)));
            v.asMap().forEach((name, tensor) -> check(golden, "v/" + name, program.get(tensor)));
            grad.asMap().forEach((name, tensor) -> check(golden, "grad/" + name, program.get(tensor)));
        }
        variables
                .parameterVariables()
                .forEach((name, variable) -> assertThat(golden.relativeError("next_theta/" + name, device, variable))
                        .as(name)
                        .isLessThan(TOLERANCE));
        variables
                .momentumVariables()
                .forEach((name, variable) -> assertThat(golden.relativeError("next_momentum/" + name, device, variable))
                        .as(name)
                        .isLessThan(TOLERANCE));
        variables
                .stateVariables()
                .forEach((name, variable) -> assertThat(golden.relativeError("next_state/" + name, device, variable))
                        .as(name)
                        .isLessThan(TOLERANCE));
    }

    @ParameterizedTest
    @CsvSource({"stage2-step-resnet8-focal, 8", "stage2-step-resnet8-ldam, 8"})
    void everyFileIsReadable(String name, int batch) throws IOException {
        Golden golden = Golden.open(name);
        assertThat(golden.labels("y")).hasSize(batch);
        assertThat(golden.get("logits").shape().dims()).containsExactly(batch, 10);
    }

    private static double[] classWeights(Golden golden) {
        double[] byClass = golden.numbers("class_weights");
        int[] labels = golden.labels("y");
        double[] weights = new double[labels.length];
        for (int i = 0; i < labels.length; i++) {
            weights[i] = byClass[labels[i]];
        }
        return weights;
    }

    private static void check(Golden golden, String name, double[] found) {
        assertThat(golden.relativeError(name, found)).as(name).isLessThan(TOLERANCE);
    }

    private static Tensor mean(Tensor vector) {
        return sum(vector).times(1.0 / vector.shape().dim(0));
    }
}
