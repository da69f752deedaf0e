package io.eider.engine.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.eider.engine.autodiff.Autodiff;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceFailedException;
import io.eider.engine.backend.DeviceMemoryException;
import io.eider.engine.backend.DeviceOptions;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.engine.backend.Executable;
import io.eider.engine.foreign.ForeignKernels;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Graph.Assignment;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.graph.Variable;
import io.eider.engine.op.fused.CrossEntropy;
import io.eider.engine.op.primitive.Conv2d;
import io.eider.engine.op.primitive.Fill;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.op.primitive.Matmul;
import io.eider.engine.op.primitive.Sum;
import io.eider.engine.program.Precision;
import io.eider.engine.program.Program;
import io.eider.engine.program.ProgramOptions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.cudnn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every call of CUDA, cuDNN and cuBLAS in a session fails once: each failure has a type, a name, and leaks nothing. */
@Tag("cuda")
class CudaFailureTest {
    private final StandIn standIn = StandIn.get();

    @AfterEach
    void failNoMore() {
        standIn.failAt(0);
    }

    @Test
    void every_call_may_fail() {
        session();
        long before = standIn.calls();
        session();
        long calls = standIn.calls() - before;
        assertThat(calls).isGreaterThan(100);
        Map<String, Integer> failures = new TreeMap<>();
        for (long call = 1; call <= calls; call++) {
            standIn.failAt(call);
            Throwable thrown = thrownBy(CudaFailureTest::session);
            assertThat(standIn.hasFailed()).as("call %d of %d", call, calls).isTrue();
            assertThat(thrown)
                    .as("call %d, %s", call, standIn.failed())
                    .isInstanceOfAny(
                            CudaException.class, DeviceUnavailableException.class, DeviceMemoryException.class);
            assertThat(thrown.getMessage())
                    .as(standIn.failed())
                    .isNotBlank()
                    .doesNotContain("null")
                    .doesNotContainPattern("\\p{Cntrl}");
            assertThat(standIn.alive())
                    .as("left by %s, call %d", standIn.failed(), call)
                    .isZero();
            failures.merge(standIn.failed(), 1, Integer::sum);
        }
        System.out.println("failures injected: " + calls + ", in " + failures);
        standIn.failAt(0);
        assertThat(thrownBy(CudaFailureTest::session)).isNull();
    }

    @Test
    void a_step_that_fails_says_what_it_computed_and_keeps_the_kind_of_its_failure() {
        Tensor x = Input.input("x", TensorType.f32(2, 5, 5, 3));
        Tensor filter = Input.input("filter", TensorType.f32(4, 3, 3, 3));
        Tensor pooled = Sum.sum(Conv2d.conv2d(x, filter, 1, 1), 1, 2);
        Tensor product =
                Matmul.matmul(new ForeignKernels.Same(false).apply(pooled), Fill.fill(1, TensorType.f32(4, 7)));
        try (Device device = new CudaBackend().open(1);
                Executable program = device.load(new Graph(List.of(product), List.of()))) {
            String convolution = "Conv2d[stride=1, padding=1] of [Input[label=x, type=f32[2, 5, 5, 3]]";
            check(program, "cudnnConvolutionForward", 0, CudaException.class, convolution);
            check(
                    program,
                    "cudnnConvolutionForward",
                    cudnn.CUDNN_STATUS_ALLOC_FAILED,
                    DeviceMemoryException.class,
                    convolution);
            check(
                    program,
                    "cudnnConvolutionForward",
                    cudnn.CUDNN_STATUS_NOT_SUPPORTED,
                    DeviceUnavailableException.class,
                    convolution);
            check(program, "cublasSgemm_v2", 0, CudaException.class, "Matmul");
            check(program, "cublasSgemm_v2", cublas.CUBLAS_STATUS_ALLOC_FAILED, DeviceMemoryException.class, "Matmul");
            check(program, "cudaLaunchKernel", 0, CudaException.class, "Sum");
            check(program, "cudaLaunchKernel", cudart.cudaErrorMemoryAllocation, DeviceMemoryException.class, "Sum");
            check(program, "cudaMemcpyAsync", 0, DeviceFailedException.class, "Same");
        }
    }

    /** Lets each call of an eager run fail, up to the one of a function by which a step is computed. */
    private void check(
            Executable program, String function, long status, Class<? extends RuntimeException> type, String step) {
        for (long call = 1; ; call++) {
            standIn.failAt(call, status);
            Throwable thrown = catchThrowable(program::run);
            assertThat(standIn.hasFailed()).as("%s of %s", function, step).isTrue();
            if (standIn.failed().equals(function) && thrown.getMessage().startsWith(step)) {
                assertThat(thrown)
                        .isExactlyInstanceOf(type)
                        .hasMessageContaining(" to [f32[2, ")
                        .cause()
                        .isExactlyInstanceOf(type);
                assertThat(thrown.getMessage()).endsWith(thrown.getCause().getMessage());
                return;
            }
        }
    }

    /**
     * A step of training by a convolution and a matrix product, run eagerly, captured, and replayed, and a gradient in bf16;
     * algorithms are searched.
     */
    private static void session() {
        Variable w = new Variable("w", TensorType.f32(4, 3, 3, 3));
        Tensor filter = w.read();
        Tensor x = Input.input("x", TensorType.f32(2, 5, 5, 3));
        Tensor labels = Input.input("labels", TensorType.i32(2));
        Tensor h = Conv2d.conv2d(x, filter, 1, 1);
        Tensor logits = Matmul.matmul(Sum.sum(h, 1, 2), Fill.fill(0.1, TensorType.f32(4, 3)));
        Tensor loss = Sum.sum(CrossEntropy.crossEntropy(logits, labels));
        Tensor gradient = Autodiff.gradients(Sum.sum(h), List.of(filter)).get(0);
        try (Device device = new CudaBackend().open(0, new DeviceOptions(1, false, true))) {
            device.description();
            device.variable(w).write(new float[4 * 3 * 3 * 3]);
            try (Program program = Program.compile(
                    device, List.of(loss), List.of(new Assignment(w, w.read().plus(0.5))))) {
                program.set(x, new float[2 * 5 * 5 * 3]);
                program.set(labels, new int[2]);
                for (int i = 0; i < 3; i++) {
                    program.start();
                    program.set(labels, new int[2]);
                    program.upload();
                    program.await();
                    program.get(loss);
                }
                program.profile();
            }
            try (Program program =
                    Program.compile(device, List.of(gradient), List.of(), ProgramOptions.of(Precision.BF16))) {
                program.set(x, new float[2 * 5 * 5 * 3]);
                program.run();
                program.run();
            }
            device.variable(w).read(new float[4 * 3 * 3 * 3]);
        }
    }

    private static Throwable thrownBy(Runnable session) {
        try {
            session.run();
            return null;
        } catch (CudaException | DeviceUnavailableException | DeviceMemoryException e) {
            return e;
        }
    }
}
