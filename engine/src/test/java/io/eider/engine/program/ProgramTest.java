package io.eider.engine.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.engine.autodiff.Autodiff;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.engine.backend.Devices;
import io.eider.engine.graph.Graph.Assignment;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.graph.Variable;
import io.eider.engine.op.InvalidExampleException;
import io.eider.engine.op.fused.CrossEntropy;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.op.primitive.Sum;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ProgramTest {
    private final Device device = Devices.open("reference", 1);

    @Test
    void derivativesOfDerivatives() {
        Tensor x = Input.input("x", TensorType.f32());
        Tensor y = x.times(x).times(x);
        Tensor first = Autodiff.gradients(y, List.of(x)).get(0);
        Tensor second = Autodiff.gradients(first, List.of(x)).get(0);
        try (Program program = Program.compile(device, List.of(y, first, second), List.of())) {
            program.set(x, new double[] {3});
            program.run();
            assertThat(program.get(y)).containsExactly(27);
            assertThat(program.get(first)).containsExactly(27);
            assertThat(program.get(second)).containsExactly(18);
        }
    }

    @Test
    void assignmentsSeeTheValuesFromBefore() {
        Variable a = new Variable("a", TensorType.f32(2));
        Variable b = new Variable("b", TensorType.f32(2));
        device.variable(a).write(new double[] {1, 2});
        device.variable(b).write(new double[] {3, 4});
        try (Program swap =
                Program.compile(device, List.of(), List.of(new Assignment(a, b.read()), new Assignment(b, a.read())))) {
            swap.run();
        }
        double[] values = new double[2];
        device.variable(a).read(values);
        assertThat(values).containsExactly(3, 4);
        device.variable(b).read(values);
        assertThat(values).containsExactly(1, 2);
    }

    @Test
    void aVariableIsAssignedOnce() {
        Variable a = new Variable("a", TensorType.f32());
        List<Assignment> twice = List.of(new Assignment(a, a.read()), new Assignment(a, a.read()));
        assertThatThrownBy(() -> Program.compile(device, List.of(), twice))
                .hasMessageContaining("a:f32[] is assigned twice");
    }

    @Test
    void anInputMustBeSet() {
        Tensor x = Input.input("weights", TensorType.f32(3));
        try (Program program = Program.compile(device, List.of(Sum.sum(x)), List.of())) {
            assertThatThrownBy(program::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("weights");
            assertThatThrownBy(() -> program.set(x, new double[2])).hasMessageContaining("has 3 numbers, not 2");
        }
    }

    @Test
    void whatBelongsToARunIsNotTouchedBeforeItsTime() {
        Tensor x = Input.input("x", TensorType.f32(2));
        Tensor y = Sum.sum(x.times(x));
        try (Program program = Program.compile(device, List.of(y), List.of())) {
            assertThatThrownBy(program::upload).hasMessageContaining("never set");
            assertThatThrownBy(program::start).hasMessageContaining("never set");
            assertThatThrownBy(program::await).hasMessageContaining("no run was started");
            program.set(x, new double[] {1, 2});
            program.start();
            program.set(x, new double[] {3, 4});
            program.upload();
            assertThatThrownBy(() -> program.set(x, new double[2])).hasMessageContaining("uploaded; start() it");
            assertThatThrownBy(program::upload).hasMessageContaining("uploaded; start() it");
            for (ThrowingCallable early : List.<ThrowingCallable>of(
                    program::start, program::run, program::profile, program::timedRun, () -> program.get(y))) {
                assertThatThrownBy(early)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("await() it");
            }
            program.await();
            assertThat(program.get(y)).containsExactly(5);
            program.run();
            assertThat(program.get(y)).containsExactly(25);
            program.set(x, new double[] {5, 6});
            program.upload();
            program.timedRun();
            assertThat(program.get(y)).containsExactly(61);
            program.set(x, new double[] {7, 8});
        }
    }

    @Test
    void aBadLabelNamesItsExample() {
        Tensor logits = Input.input("logits", TensorType.f32(3, 4));
        Tensor labels = Input.input("labels", TensorType.i32(3));
        Tensor losses = CrossEntropy.crossEntropy(logits, labels);
        try (Program program = Program.compile(device, List.of(losses), List.of())) {
            program.set(logits, new double[12]);
            program.set(labels, new int[] {0, 4, 9});
            assertThatThrownBy(program::run)
                    .isInstanceOf(InvalidExampleException.class)
                    .hasMessageContaining("example 1 ")
                    .hasMessageContaining("label 4");
        }
    }

    @Test
    void explainListsEveryStepAndTotals() {
        Tensor x = Input.input("x", TensorType.f32(2, 5));
        Tensor y = Sum.sum(x.times(x));
        try (Program program = Program.compile(device, List.of(y), List.of())) {
            assertThat(program.explain().lines())
                    .hasSize(4)
                    .anyMatch(line -> line.startsWith("multiply"))
                    .anyMatch(line -> line.startsWith("sum"))
                    .anyMatch(line -> line.startsWith("2 steps"));
            program.set(x, new double[10]);
            assertThat(program.profile().lines()).hasSize(4);
        }
    }

    @Test
    void anUnknownDeviceIsAnErrorThatNamesTheKnown() {
        assertThatThrownBy(() -> Devices.open("tpu", 1))
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessageContaining("tpu")
                .hasMessageContaining("reference");
    }
}
