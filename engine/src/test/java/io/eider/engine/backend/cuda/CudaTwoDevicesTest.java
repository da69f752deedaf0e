package io.eider.engine.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.eider.engine.autodiff.Autodiff;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.engine.graph.Graph.Assignment;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.graph.Variable;
import io.eider.engine.op.fused.CrossEntropy;
import io.eider.engine.op.primitive.Conv2d;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.op.primitive.Matmul;
import io.eider.engine.op.primitive.Sum;
import io.eider.engine.program.Program;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.bytedeco.cuda.global.cudart;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two GPUs in one process, of which the stand-in lets only the thread's current one be used. */
@Tag("cuda")
class CudaTwoDevicesTest {
    private static final int STEPS = 4;

    private final StandIn standIn = StandIn.get();

    @Test
    void a_program_on_the_second_device_agrees_with_the_reference() {
        double[] actual = trained("cuda:1", 1);
        double[] expected = trained("reference", 1);
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within(1e-4 * (1 + Math.abs(expected[i]))));
        }
    }

    @Test
    void two_devices_in_turn_compute_what_each_computes_alone() {
        double[] first = trained("cuda:0", 1);
        double[] second = trained("cuda:1", 2);
        assertThat(first).isNotEqualTo(second);
        long before = standIn.alive();
        try (Training one = new Training("cuda:0", 1);
                Training two = new Training("cuda:1", 2)) {
            for (int i = 0; i < STEPS; i++) {
                one.step();
                two.step();
            }
            assertThat(two.results()).containsExactly(second);
            assertThat(one.results()).containsExactly(first);
        }
        assertThat(standIn.alive()).isEqualTo(before);
    }

    @Test
    void two_devices_on_two_threads_compute_what_each_computes_alone() {
        double[] first = trained("cuda:0", 1);
        double[] second = trained("cuda:1", 2);
        CompletableFuture<double[]> one = CompletableFuture.supplyAsync(() -> trained("cuda:0", 1));
        CompletableFuture<double[]> two = CompletableFuture.supplyAsync(() -> trained("cuda:1", 2));
        assertThat(one.join()).containsExactly(first);
        assertThat(two.join()).containsExactly(second);
    }

    @Test
    void a_closed_device_leaves_the_other_as_it_is() {
        double[] second = trained("cuda:1", 2);
        try (Training two = new Training("cuda:1", 2)) {
            trained("cuda:0", 1);
            for (int i = 0; i < STEPS; i++) {
                two.step();
            }
            trained("cuda:0", 1);
            assertThat(two.results()).containsExactly(second);
        }
        assertThat(standIn.alive()).isZero();
    }

    /** Every call of the backend finds the other device current. */
    @Test
    void whatever_device_is_current_the_backend_uses_its_own() {
        double[] second = trained("cuda:1", 2);
        try (Training two = new Training("cuda:1", 2)) {
            cudart.cudaSetDevice(0);
            assertThat(two.device.description()).contains("cuda:1");
            for (int i = 0; i < STEPS; i++) {
                cudart.cudaSetDevice(0);
                two.step();
                cudart.cudaSetDevice(0);
            }
            assertThat(two.results()).containsExactly(second);
            cudart.cudaSetDevice(0);
            assertThat(two.program.profile()).isNotNull();
            cudart.cudaSetDevice(0);
            two.program.close();
            cudart.cudaSetDevice(0);
        }
        assertThat(standIn.alive()).isZero();
    }

    private static double[] trained(String device, int seed) {
        try (Training training = new Training(device, seed)) {
            for (int i = 0; i < STEPS; i++) {
                training.step();
            }
            return training.results();
        }
    }

    /** Steps of a convolution and a matrix product, of which the first is eager and the second captured. */
    private static final class Training implements AutoCloseable {
        private final Device device;
        private final Program program;
        private final Variable filter = new Variable("filter", TensorType.f32(4, 3, 3, 3));
        private final Variable weight = new Variable("weight", TensorType.f32(4, 5));
        private final Tensor x = Input.input("x", TensorType.f32(2, 6, 6, 3));
        private final Tensor loss;
        private final Random random;

        Training(String name, int seed) {
            device = Devices.open(name, 1);
            random = new Random(seed);
            Tensor labels = Input.input("labels", TensorType.i32(2));
            Tensor pooled = Sum.sum(Conv2d.conv2d(x, filter.read(), 1, 1), 1, 2);
            loss = Sum.sum(CrossEntropy.crossEntropy(Matmul.matmul(pooled, weight.read()), labels));
            List<Tensor> gradients = Autodiff.gradients(loss, List.of(filter.read(), weight.read()));
            program = Program.compile(
                    device,
                    List.of(loss),
                    List.of(
                            new Assignment(
                                    filter, filter.read().minus(gradients.get(0).times(0.01))),
                            new Assignment(
                                    weight, weight.read().minus(gradients.get(1).times(0.01)))));
            device.variable(filter).write(drawn(4 * 3 * 3 * 3));
            device.variable(weight).write(drawn(4 * 5));
            program.set(labels, new int[] {1, 3});
        }

        void step() {
            program.set(x, drawn(2 * 6 * 6 * 3));
            program.run();
        }

        /** The last loss, then the parameters. */
        double[] results() {
            double[] result = new double[1 + 4 * 3 * 3 * 3 + 4 * 5];
            double[] filters = new double[4 * 3 * 3 * 3];
            double[] weights = new double[4 * 5];
            device.variable(filter).read(filters);
            device.variable(weight).read(weights);
            result[0] = program.get(loss)[0];
            System.arraycopy(filters, 0, result, 1, filters.length);
            System.arraycopy(weights, 0, result, 1 + filters.length, weights.length);
            return result;
        }

        private float[] drawn(int count) {
            float[] numbers = new float[count];
            for (int i = 0; i < count; i++) {
                numbers[i] = (float) random.nextGaussian() / 2;
            }
            return numbers;
        }

        @Override
        public void close() {
            program.close();
            device.close();
        }
    }
}
