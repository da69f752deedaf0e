package io.eider.engine.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceMemoryException;
import io.eider.engine.backend.DeviceOptions;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.engine.backend.Devices;
import io.eider.engine.backend.Executable;
import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.planned.DeviceContract;
import io.eider.engine.foreign.ForeignKernels;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Graph.Assignment;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.graph.Variable;
import io.eider.engine.op.InvalidExampleException;
import io.eider.engine.op.fused.CrossEntropy;
import io.eider.engine.op.fused.SgdStep;
import io.eider.engine.op.primitive.Conv2d;
import io.eider.engine.op.primitive.Conv2dGradInput;
import io.eider.engine.op.primitive.Exp;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.op.primitive.Reshape;
import io.eider.engine.program.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.cuda.global.cudart;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cuda")
class CudaDeviceTest extends DeviceContract {
    private final StandIn standIn = StandIn.get();

    @AfterEach
    void refuseNoAlgorithm() {
        standIn.refuseAlgorithm(-1);
    }

    @Override
    protected Device opened() {
        return new CudaBackend().open(1);
    }

    @Test
    void the_description_names_device_and_libraries() {
        assertThat(device.description())
                .contains("cuda:0", "Eider stand-in", "compute capability 9.0", "cuDNN 9.", "without TF32");
    }

    @Test
    void a_device_that_is_not_there_is_refused() {
        assertThatThrownBy(() -> Devices.open("cuda:3", 1))
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessageContaining("no device cuda:3")
                .hasMessageContaining("cuda:0");
        assertThatThrownBy(() -> Devices.open("cuda:x", 1)).hasMessageContaining("as in cuda:0");
    }

    @Test
    void a_device_that_cannot_be_opened_is_unavailable_and_auto_takes_the_cpu() {
        // The count, the choice of the device, and what is told of it.
        standIn.failAt(3);
        assertThatThrownBy(this::opened)
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessageContaining("cuda:0 cannot be used: cudaGetDeviceProperties failed")
                .hasMessageContaining("nvidia-smi");
        standIn.failAt(3);
        try (Device taken = Devices.open("auto", 1)) {
            assertThat(taken.name()).isEqualTo("cpu");
        }
        try (Device taken = Devices.open("auto", 1)) {
            assertThat(taken.name()).isEqualTo("cuda:0");
        }
    }

    @Test
    void memory_that_cannot_be_cleared_is_given_back() {
        Variable variable = new Variable("v", PAIR);
        long alive = standIn.alive();
        long call = 0;
        do {
            standIn.failAt(++call, cudart.cudaErrorMemoryAllocation);
            assertThat(catchThrowable(() -> device.variable(variable))).isNotNull();
            assertThat(standIn.alive()).as(standIn.failed()).isEqualTo(alive);
        } while (!standIn.failed().equals("cudaMemsetAsync"));
    }

    @Test
    void a_kernel_from_elsewhere_is_replayed_with_the_rest() {
        Tensor x = Input.input("x", PAIR);
        Tensor y = new ForeignKernels.Same(false).apply(x.plus(1)).plus(1);
        Executable program = device.load(new Graph(List.of(y), List.of()));
        for (int i = 0; i < 4; i++) {
            program.input(x).write(new float[] {i, -i});
            program.run();
            assertThat(read(program.output(0))).containsExactly(i + 2, 2 - i);
        }
    }

    @Test
    void a_kernel_from_elsewhere_that_may_stop_a_run_is_refused() {
        Tensor y = new ForeignKernels.Same(true).apply(Input.input("x", PAIR));
        Graph graph = new Graph(List.of(y), List.of());
        assertThatThrownBy(() -> device.load(graph))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("a copy from elsewhere")
                .hasMessageContaining("may stop a run");
    }

    @Test
    void a_convolution_takes_no_algorithm_that_wants_more_than_a_gigabyte() {
        Tensor filter = Input.input("w", TensorType.f32(16, 3, 3, 16));
        assertThat(convolutionOf(Input.input("x", TensorType.f32(4, 8, 8, 16)), filter))
                .contains("algorithm 7");
        // The first deterministic one would take twice the images.
        Tensor large = Input.input("x", TensorType.f32(64, 512, 512, 16));
        assertThat(convolutionOf(large, filter)).contains("algorithm 0");
        // Of the adjoint's none takes less than the images.
        Node adjoint = new Conv2dGradInput(1, 1, 512, 512).apply(large, filter).node();
        assertThatThrownBy(() -> ((CudaDevice) device).kernels().prepare(adjoint))
                .isInstanceOf(DeviceMemoryException.class)
                .hasMessageContaining("cudnnConvolutionBackwardData")
                .hasMessageContaining("use a smaller batch");
    }

    private String convolutionOf(Tensor x, Tensor filter) {
        return convolutionOf(device, x, filter);
    }

    private static String convolutionOf(Device device, Tensor x, Tensor filter) {
        try (Kernel.Prepared prepared = ((CudaDevice) device)
                .kernels()
                .prepare(Conv2d.conv2d(x, filter, 1, 1).node())) {
            return prepared.implementation();
        }
    }

    @Test
    void tf32_rounds_the_factors_of_convolutions_where_it_is_asked_for() {
        Tensor x = Input.input("x", TensorType.f32(1, 1, 1, 1));
        Tensor filter = Input.input("w", TensorType.f32(1, 1, 1, 1));
        Tensor y = Conv2d.conv2d(x, filter, 1, 0);
        // 13 significant bits: the last two are beyond TF32's 11.
        float factor = 1 + 0x1p-12f;
        for (boolean tf32 : new boolean[] {false, true}) {
            try (Device opened = Devices.open("cuda", new DeviceOptions(1, tf32, false));
                    Program program = Program.compile(opened, List.of(y), List.of())) {
                assertThat(opened.description()).contains(tf32 ? "f32 as TF32" : "f32 without TF32");
                assertThat(program.explain()).contains(tf32 ? "of TF32" : "of F32");
                program.set(x, new float[] {factor});
                program.set(filter, new float[] {3});
                program.run();
                assertThat(program.get(y)).containsExactly(tf32 ? 3 : 3 * factor);
            }
        }
        assertThatThrownBy(() -> Devices.open("cpu", new DeviceOptions(1, true, false)))
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessageContaining("cpu has no TF32; leave out --tf32");
    }

    @Test
    void a_timed_search_leaves_nothing_behind_and_serves_every_layer_of_a_shape() {
        Tensor filter = Input.input("w", TensorType.f32(16, 3, 3, 16));
        Tensor x = Input.input("x", TensorType.f32(4, 8, 8, 16));
        try (Device opened = Devices.open("cuda", new DeviceOptions(1, false, true))) {
            assertThat(opened.description()).contains("algorithms timed");
            long before = standIn.alive();
            assertThat(convolutionOf(opened, x, filter)).isEqualTo(convolutionOf(x, filter));
            assertThat(standIn.alive()).isEqualTo(before);
            long calls = standIn.calls();
            assertThat(convolutionOf(opened, x, filter)).contains("algorithm 7");
            long again = standIn.calls();
            convolutionOf(device, x, filter);
            assertThat(again - calls).as("as many as where nothing is searched").isEqualTo(standIn.calls() - again);
        }
    }

    @Test
    void a_timed_search_takes_no_algorithm_whose_trial_was_refused() {
        Tensor filter = Input.input("w", TensorType.f32(16, 3, 3, 16));
        Tensor x = Input.input("x", TensorType.f32(4, 8, 8, 16));
        standIn.refuseAlgorithm(7);
        assertThat(convolutionOf(device, x, filter)).contains("algorithm 7");
        try (Device opened = Devices.open("cuda", new DeviceOptions(1, false, true))) {
            assertThat(convolutionOf(opened, x, filter)).contains("algorithm 0");
        }
    }

    @Test
    void an_algorithm_that_is_refused_when_it_runs_is_named_with_what_would_have_tried_it() {
        Tensor x = Input.input("x", TensorType.f32(4, 8, 8, 16));
        Tensor filter = Input.input("w", TensorType.f32(16, 3, 3, 16));
        Tensor y = Conv2d.conv2d(x, filter, 1, 1);
        String refusal = "algorithm 7 of cudnnConvolutionForward is not to be had: CUDNN_STATUS_NOT_SUPPORTED (3000) "
                + "an algorithm that does not run this after all";
        for (boolean timedSearch : new boolean[] {false, true}) {
            standIn.refuseAlgorithm(-1);
            try (Device opened = Devices.open("cuda", new DeviceOptions(1, false, timedSearch));
                    Program program = Program.compile(opened, List.of(y), List.of())) {
                program.set(x, new float[4 * 8 * 8 * 16]);
                program.set(filter, new float[16 * 3 * 3 * 16]);
                program.run();
                standIn.refuseAlgorithm(7);
                assertThatThrownBy(program::run)
                        .isInstanceOf(DeviceUnavailableException.class)
                        .hasMessageStartingWith("Conv2d[stride=1, padding=1] of ")
                        .hasMessageEndingWith(
                                timedSearch
                                        ? refusal
                                        : refusal + "; --timed-search tries algorithms before it chooses one");
            }
        }
    }

    @Test
    void too_large_a_tensor_is_refused_and_the_device_stays_usable() {
        assertThatThrownBy(() -> device.variable(new Variable("a", TensorType.f32(1 << 30, 2))))
                .isInstanceOf(DeviceMemoryException.class)
                .hasMessageContaining("no 8589934592 bytes of device memory for variable a")
                .hasMessageContaining("are free")
                .hasMessageContaining("smaller batch");
        assertThat(read(device.variable(variable("b", 1, 2)))).containsExactly(1, 2);
    }

    @Test
    void from_the_second_run_on_a_program_is_one_graph_with_one_copy_each_way() {
        Executable program = step(4);
        program.run();
        float[] eager = read(program.output(1));
        for (int i = 0; i < 2; i++) {
            long graphs = standIn.graphLaunches();
            long there = standIn.copiesToDevice();
            long back = standIn.copiesToHost();
            program.run();
            assertThat(standIn.graphLaunches() - graphs).isEqualTo(1);
            assertThat(standIn.copiesToDevice() - there).isEqualTo(1);
            assertThat(standIn.copiesToHost() - back).isEqualTo(1);
            assertThat(read(program.output(1))).containsExactly(eager);
        }
        // The copy of the inputs, the wait for it, the copy to where they are read, the launch and the wait for it; and
        // twice the device of the thread.
        long calls = standIn.calls();
        program.run();
        assertThat(standIn.calls() - calls).isEqualTo(7);
    }

    @Test
    void inputs_arrive_while_the_run_before_goes_on() {
        Tensor x = Input.input("x", PAIR);
        Executable program = device.load(new Graph(List.of(x.plus(1)), List.of()));
        program.run();
        program.run();
        program.input(x).write(new float[] {1, 2});
        for (int i = 0; i < 4; i++) {
            long kernels = standIn.kernels();
            long there = standIn.copiesToDevice();
            program.start();
            assertThat(standIn.copiesToDevice() - there).isEqualTo(1);
            program.input(x).write(new float[] {i + 2, i + 3});
            program.upload();
            // The stand-in works when it is waited for: nobody has, but for the upload.
            assertThat(standIn.kernels() - kernels).isZero();
            program.await();
            assertThat(standIn.kernels() - kernels).isEqualTo(1);
            assertThat(read(program.output(0))).containsExactly(i + 2, i + 3);
        }
    }

    @Test
    void what_was_uploaded_for_a_run_that_could_not_start_is_forgotten() {
        whereEveryCallFails(Executable::run);
        whereEveryCallFails(Executable::timedRun);
    }

    private void whereEveryCallFails(Consumer<Executable> running) {
        Tensor x = Input.input("x", PAIR);
        Executable program = device.load(new Graph(List.of(x.plus(1)), List.of()));
        program.run();
        for (int call = 1; ; call++) {
            program.input(x).write(new float[] {1, 2});
            program.upload();
            standIn.failAt(call);
            Throwable failure = catchThrowable(() -> running.accept(program));
            if (failure == null) {
                break;
            }
            assertThat(failure).as(standIn.failed()).isInstanceOf(CudaException.class);
            program.input(x).write(new float[] {call + 10, 2});
            program.run();
            assertThat(read(program.output(0))).containsExactly(call + 11, 3);
        }
        standIn.failAt(0);
        assertThat(read(program.output(0))).containsExactly(2, 3);
    }

    @Test
    void a_bad_example_in_a_captured_run_changes_nothing_and_is_named() {
        Variable a = variable("a", 1, 2);
        Tensor labels = Input.input("labels", TensorType.i32(1));
        Tensor next = a.read().plus(1);
        Tensor loss = CrossEntropy.crossEntropy(Reshape.reshape(next, Shape.of(1, 2)), labels);
        Executable program = device.load(new Graph(List.of(loss), List.of(new Assignment(a, next))));
        for (int i = 0; i < 3; i++) {
            program.run();
        }
        assertThat(read(device.variable(a))).containsExactly(4, 5);
        program.input(labels).write(new int[] {7});
        assertThatThrownBy(program::run)
                .isInstanceOf(InvalidExampleException.class)
                .hasMessageContaining("0…1");
        assertThat(read(device.variable(a))).containsExactly(4, 5);
        program.input(labels).write(new int[] {1});
        program.run();
        assertThat(read(device.variable(a))).containsExactly(5, 6);
    }

    @Test
    void updates_by_one_rule_and_rate_that_nobody_reads_are_one_launch() {
        Tensor gradient = Input.input("g", PAIR);
        Tensor rate = Input.input("rate", TensorType.f32());
        Variable[] parameters = {variable("p", 1, 2), variable("q", 3, 4), variable("r", 5, 6)};
        List<Assignment> assignments = new ArrayList<>();
        List<Tensor> outputs = new ArrayList<>();
        for (Variable parameter : parameters) {
            Variable momentum = variable("momentum of " + parameter.name(), 0, 0);
            Tensor[] next = new Node(
                            new SgdStep(0.5, 0, false), List.of(parameter.read(), momentum.read(), gradient, rate))
                    .outputs();
            assignments.add(new Assignment(parameter, next[0]));
            assignments.add(new Assignment(momentum, next[1]));
            if (parameter == parameters[2]) {
                outputs.add(next[0].plus(1));
            }
        }
        try (Program program = Program.compile(device, outputs, assignments)) {
            assertThat(program.explain()).containsOnlyOnce("eider_cuda_sgd_all").contains("sgdSteps");
            program.set(gradient, new float[] {1, 2});
            program.set(rate, new float[] {0.5f});
            program.run();
            program.run();
            // Momenta 1 and 1.5 times the gradient.
            assertThat(read(device.variable(parameters[0]))).containsExactly(1 - 1.25f, 2 - 2.5f);
            assertThat(read(device.variable(parameters[1]))).containsExactly(3 - 1.25f, 4 - 2.5f);
            assertThat(program.get(outputs.get(0))).containsExactly(6 - 1.25, 7 - 2.5);
        }
    }

    @Test
    void a_look_ahead_of_all_parameters_is_one_launch() {
        Tensor eta = Input.input("eta", TensorType.f32());
        Variable p = variable("p", 1, 2);
        Variable q = variable("q", 3, 4);
        Tensor pGradient = Exp.exp(p.read());
        Tensor qGradient = Exp.exp(q.read());
        List<Tensor> ahead =
                List.of(p.read().minus(pGradient.times(eta)), q.read().minus(qGradient.times(eta)));
        try (Program program = Program.compile(device, ahead, List.of())) {
            assertThat(program.explain())
                    .containsOnlyOnce("eider_cuda_scale_add_all")
                    .doesNotContain("subtract");
            program.set(eta, new float[] {0.5f});
            for (int i = 0; i < 3; i++) {
                program.run();
                assertThat(program.get(ahead.get(0)))
                        .containsExactly(new double[] {1 - Math.E / 2, 2 - Math.exp(2) / 2}, within(1e-6));
                assertThat(program.get(ahead.get(1)))
                        .containsExactly(new double[] {3 - Math.exp(3) / 2, 4 - Math.exp(4) / 2}, within(1e-5));
            }
        }
    }

    @Test
    void closing_frees_everything() {
        step(4).run();
        square(5000).run();
        variable("a", 1);
        device.close();
        assertThat(standIn.alive()).isZero();
    }
}
