package io.eider.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.eider.engine.autodiff.Autodiff;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.engine.backend.Devices;
import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.KernelProvider;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Evaluator;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.op.primitive.Sum;
import io.eider.engine.program.Program;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** That the kernel is found, and what it and the op do far from zero. */
class SoftplusKernelTest {
    private static final float[] FAR = {-1000, -20, 0, 20, 1000};

    private final Tensor x = Input.input("x", TensorType.f32(FAR.length));

    @Test
    void theKernelIsFoundByOpClass() {
        try (Device cpu = openCpu()) {
            assertThat(ServiceLoader.load(KernelProvider.class).stream()
                            .map(ServiceLoader.Provider::get)
                            .filter(provider -> provider.backend().equals("cpu"))
                            .flatMap(provider -> provider.kernels(cpu).stream())
                            .map(Kernel::op))
                    .contains(Softplus.class);
        }
    }

    @Test
    void aProgramOnTheCpuRunsIt() {
        try (Device cpu = openCpu();
                Program program = Program.compile(cpu, List.of(Softplus.softplus(x)), List.of())) {
            assertThat(program.explain()).contains("softplus in Java");
        }
    }

    @Test
    void theKernelReadsAndWritesTheMemoryItIsGiven() {
        Kernel.Prepared kernel =
                new SoftplusKernel().prepare(Softplus.softplus(x).node());
        float[] result = new float[FAR.length];
        try (FloatPointer input = new FloatPointer(FAR);
                FloatPointer output = new FloatPointer(FAR.length)) {
            kernel.bind(new long[] {input.address()}, new long[] {output.address()}, 0);
            kernel.run();
            output.get(result);
            kernel.bind(new long[] {input.address()}, new long[] {input.address()}, 0);
            kernel.run();
            float[] inPlace = new float[FAR.length];
            input.get(inPlace);
            assertThat(inPlace).containsExactly(result);
        }
        assertThat(result).containsExactly(0, (float) Math.exp(-20), (float) Math.log(2), 20, 1000);
    }

    @Test
    void derivativesStayFiniteFarFromZero() {
        Tensor first =
                Autodiff.gradients(Sum.sum(Softplus.softplus(x)), List.of(x)).get(0);
        Tensor second = Autodiff.gradients(Sum.sum(first), List.of(x)).get(0);
        Evaluator evaluator = new Evaluator(Map.of(x, new double[] {-1000, -20, 0, 20, 1000}));
        double small = 1 / (1 + Math.exp(20));
        assertThat(evaluator.value(first)).containsExactly(new double[] {0, small, 0.5, 1 - small, 1}, within(1e-14));
        assertThat(evaluator.value(second)).containsExactly(new double[] {0, small, 0.25, small, 0}, within(1e-14));
    }

    private static Device openCpu() {
        try {
            return Devices.open("cpu", 1);
        } catch (DeviceUnavailableException e) {
            throw new TestAbortedException(e.getMessage(), e);
        }
    }
}
