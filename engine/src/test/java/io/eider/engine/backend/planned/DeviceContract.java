package io.eider.engine.backend.planned;

import static java.lang.Float.NEGATIVE_INFINITY;
import static java.lang.Float.NaN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.eider.engine.autodiff.Autodiff;
import io.eider.engine.backend.Buffer;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.Executable;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Graph.Assignment;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.graph.Variable;
import io.eider.engine.op.InvalidExampleException;
import io.eider.engine.op.fused.BatchNorm;
import io.eider.engine.op.fused.CrossEntropy;
import io.eider.engine.op.primitive.Augment;
import io.eider.engine.op.primitive.Broadcast;
import io.eider.engine.op.primitive.Conv2d;
import io.eider.engine.op.primitive.Exp;
import io.eider.engine.op.primitive.Fill;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.op.primitive.Matmul;
import io.eider.engine.op.primitive.MaxPool;
import io.eider.engine.op.primitive.Reshape;
import io.eider.engine.op.primitive.Sum;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every device with native kernels does. Each backend's test extends it. */
public abstract class DeviceContract {
    protected static final TensorType PAIR = TensorType.f32(2);

    protected Device device;

    /** Opens the device under test. */
    protected abstract Device opened();

    @BeforeEach
    void open() {
        device = opened();
    }

    @AfterEach
    void close() {
        device.close();
    }

    @Test
    void a_variable_is_zero_until_written() {
        Variable a = new Variable("a", PAIR);
        assertThat(read(device.variable(a))).containsExactly(0, 0);
        device.variable(a).write(new float[] {1, 2});
        assertThat(read(device.variable(a))).containsExactly(1, 2);
    }

    @Test
    void a_variable_of_bf16_keeps_rounded_numbers() {
        Variable a = new Variable("a", PAIR.withDType(DType.BF16));
        device.variable(a).write(new float[] {1 + 0x1p-8f, -3 - 0x1.8p-7f});
        assertThat(read(device.variable(a))).containsExactly(1, -3 - 0x1p-6f);
        device.variable(a).write(new float[] {1 + 0x1p-7f, 1 + 0x1.8p-6f});
        Executable program = run(List.of(a.read().plus(Fill.fill(1, a.type()))));
        // Half way between two numbers, the even one.
        assertThat(read(program.output(0))).containsExactly(2, 2 + 0x1p-5f);
    }

    @Test
    void all_of_an_odd_number_of_bf16_is_assigned() {
        Variable a = new Variable("a", TensorType.f32(3).withDType(DType.BF16));
        device.variable(a).write(new float[] {1, 2, 3});
        Tensor next = a.read().plus(Fill.fill(1, a.type()));
        // A program that may meet a bad label assigns at its end.
        Tensor loss = CrossEntropy.crossEntropy(
                Input.input("logits", TensorType.f32(1, 2)), Input.input("labels", TensorType.i32(1)));
        run(List.of(loss, a.read()), new Assignment(a, next));
        assertThat(read(device.variable(a))).containsExactly(2, 3, 4);
    }

    @Test
    void two_variables_swap() {
        Variable a = variable("a", 1, 2);
        Variable b = variable("b", 3, 4);
        run(List.of(a.read()), new Assignment(a, b.read()), new Assignment(b, a.read()));
        assertThat(read(device.variable(a))).containsExactly(3, 4);
        assertThat(read(device.variable(b))).containsExactly(1, 2);
    }

    @Test
    void every_read_sees_the_value_from_before() {
        Variable a = variable("a", 1, 2);
        Variable b = variable("b", 0, 0);
        Tensor next = a.read().plus(1);
        // The second reader of a comes after the step that makes a's new value.
        Tensor late = Exp.exp(next).times(a.read());
        Executable program = run(List.of(a.read(), next), new Assignment(a, next), new Assignment(b, late));
        assertThat(read(program.output(0))).containsExactly(1, 2);
        assertThat(read(program.output(1))).containsExactly(2, 3);
        assertThat(read(device.variable(a))).containsExactly(2, 3);
        assertThat(read(device.variable(b))[1]).isEqualTo((float) (Math.exp(3) * 2));
        program.run();
        assertThat(read(program.output(0))).containsExactly(2, 3);
        assertThat(read(device.variable(a))).containsExactly(3, 4);
    }

    @Test
    void one_value_can_go_to_two_variables_an_input_to_one_and_a_variable_to_itself() {
        Variable a = variable("a", 1, 2);
        Variable b = variable("b", 3, 4);
        Variable c = variable("c", 5, 6);
        Variable d = variable("d", 7, 8);
        Tensor sum = a.read().plus(b.read());
        Tensor x = Input.input("x", PAIR);
        run(
                List.of(),
                new Assignment(a, sum),
                new Assignment(b, sum),
                new Assignment(c, x),
                new Assignment(d, d.read()));
        assertThat(read(device.variable(a))).containsExactly(4, 6);
        assertThat(read(device.variable(b))).containsExactly(4, 6);
        assertThat(read(device.variable(c))).containsExactly(0, 0);
        assertThat(read(device.variable(d))).containsExactly(7, 8);
    }

    @Test
    void a_stopped_run_leaves_variables_as_they_were() {
        Variable a = variable("a", 1, 2);
        Tensor labels = Input.input("labels", TensorType.i32(1));
        Tensor next = a.read().plus(1);
        Tensor loss = CrossEntropy.crossEntropy(Reshape.reshape(next, Shape.of(1, 2)), labels);
        Executable program = device.load(new Graph(List.of(loss), List.of(new Assignment(a, next))));
        program.input(labels).write(new int[] {7});
        assertThatThrownBy(program::run).isInstanceOf(InvalidExampleException.class);
        assertThat(read(device.variable(a))).containsExactly(1, 2);
    }

    @Test
    void bytes_are_0_to_255_and_nothing_is_computed_in_them() {
        Tensor x = Input.input("x", TensorType.u8(3));
        Executable program = device.load(new Graph(List.of(x), List.of()));
        program.input(x).write(new byte[] {0, 127, -1});
        program.run();
        assertThat(read(program.output(0))).containsExactly(0, 127, 255);
        double[] exact = new double[3];
        program.output(0).read(exact);
        assertThat(exact).containsExactly(0, 127, 255);
        assertThatThrownBy(() -> program.input(x).write(new byte[2])).hasMessageContaining("3 elements");
        assertThatThrownBy(() -> program.input(x).write(new int[3])).hasMessageContaining("U8");
        assertThatThrownBy(() -> program.input(x).write(new float[3])).hasMessageContaining("U8");
        Buffer floats = device.variable(variable("a", 1, 2));
        assertThatThrownBy(() -> floats.write(new byte[2])).hasMessageContaining("bytes");
        assertThatThrownBy(() -> x.plus(x)).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Fill.fill(1, x.type())).isInstanceOf(ShapeException.class);
        Graph repeated = new Graph(List.of(Broadcast.broadcast(x, Shape.of(2, 3))), List.of());
        assertThatThrownBy(() -> device.load(repeated)).hasMessageContaining("no kernel");
    }

    @Test
    void a_draw_outside_the_padded_image_names_it_and_changes_no_variable() {
        Variable a = variable("a", 1, 2);
        Tensor pixels = Input.input("pixels", TensorType.u8(3, 3, 2, 1));
        Tensor draws = Input.input("draws", TensorType.i32(3, 3));
        Tensor images = new Augment(1, List.of(100.0), List.of(2.0)).apply(pixels, draws);
        Executable program = device.load(
                new Graph(List.of(images), List.of(new Assignment(a, a.read().plus(1)))));
        program.input(pixels).write(new byte[18]);
        // Eager, recorded, replayed.
        for (int run = 0; run < 3; run++) {
            program.input(draws).write(new int[] {1, 1, 0, 2, 0, 1, 0, 3, 0});
            assertThatThrownBy(program::run)
                    .isInstanceOf(InvalidExampleException.class)
                    .hasMessageContaining("augment: example 2 of the batch has a draw")
                    .hasMessageContaining("0…2");
            assertThat(read(device.variable(a))).containsExactly(1 + run, 2 + run);
            program.input(draws).write(new int[] {1, 1, 0, 2, 0, 1, 0, 2, 0});
            program.run();
            assertThat(read(program.output(0))).containsOnly(-50);
            assertThat(read(device.variable(a))).containsExactly(2 + run, 3 + run);
        }
    }

    @Test
    void the_largest_pixel_is_the_first_of_equals_and_none_of_the_padding_and_nan_is_larger_than_any() {
        Tensor x = Input.input("x", TensorType.f32(1, 2, 5, 1));
        Node pooled = new Node(new MaxPool(2, 2, 1), List.of(x));
        Tensor gradient =
                Autodiff.gradients(Sum.sum(pooled.output(0)), List.of(x)).get(0);
        Executable program = device.load(new Graph(List.of(pooled.output(0), pooled.output(1), gradient), List.of()));
        program.input(x).write(new float[] {-3, -1, -1, -2, NaN, -4, NEGATIVE_INFINITY, NEGATIVE_INFINITY, NaN, 1});
        for (int run = 0; run < 3; run++) {
            program.run();
            assertThat(read(program.output(0))).containsExactly(-3, -1, NaN, -4, NEGATIVE_INFINITY, NaN);
            assertThat(read(program.output(1))).containsExactly(3, 2, 3, 1, 0, 0);
            assertThat(read(program.output(2))).containsExactly(1, 1, 0, 0, 1, 1, 1, 0, 1, 0);
        }
    }

    @Test
    void a_chain_of_elementwise_steps_and_reshapes_runs_in_one_place() {
        Tensor x = Input.input("x", TensorType.f32(4, 256));
        Tensor y = Exp.exp(Reshape.reshape(Exp.exp(x.negate()).negate(), Shape.of(1024)));
        Executable program = device.load(new Graph(List.of(Sum.sum(y)), List.of()));
        assertThat(program.arenaBytes()).isLessThan(2 * 4096);
        program.run();
        assertThat(read(program.output(0))[0]).isCloseTo((float) (1024 * Math.exp(-1)), within(1e-2f));
    }

    @Test
    void programs_share_an_arena_that_grows() {
        Executable small = square(10);
        small.run();
        Executable large = square(5000);
        large.run();
        small.run();
        assertThat(small.arenaBytes()).isLessThan(large.arenaBytes());
        assertThat(read(small.output(0))[0]).isEqualTo(40);
        assertThat(read(large.output(0))[0]).isEqualTo(20_000);
        large.close();
        small.run();
        assertThat(read(small.output(0))[0]).isEqualTo(40);
    }

    @Test
    void inputs_may_be_written_and_uploaded_beside_a_run_which_keeps_its_own() {
        Tensor x = Input.input("x", PAIR);
        Executable program = device.load(new Graph(List.of(x.times(x), x), List.of()));
        Executable other = square(10);
        program.input(x).write(new float[] {0, 1});
        for (int i = 0; i < 6; i++) {
            program.start();
            program.input(x).write(new float[] {i + 1, i + 2});
            // Every other run has to fetch them itself.
            if (i % 2 == 0) {
                program.upload();
            }
            // What it waits for has then arrived.
            other.run();
            program.await();
            assertThat(read(program.output(0))).containsExactly(i * i, (i + 1) * (i + 1));
            assertThat(read(program.output(1))).containsExactly(i, i + 1);
        }
    }

    @Test
    void a_program_may_be_loaded_and_closed_while_another_runs() {
        Executable small = square(10);
        small.run();
        small.start();
        try (Executable large = square(5000)) {
            large.run();
            large.start();
            small.await();
        }
        assertThat(read(small.output(0))[0]).isEqualTo(40);
        small.run();
        assertThat(read(small.output(0))[0]).isEqualTo(40);
        small.start();
    }

    @Test
    void an_output_may_be_an_input_a_constant_or_named_twice() {
        Tensor x = Input.input("x", PAIR);
        Tensor y = x.plus(1);
        Executable program = device.load(new Graph(
                List.of(x, y, y, Reshape.reshape(y, Shape.of(2, 1)), Fill.fill(3, PAIR)), List.of()));
        program.input(x).write(new float[] {1, 2});
        program.run();
        program.input(x).write(new float[] {8, 9});
        assertThat(read(program.output(0))).containsExactly(1, 2);
        assertThat(read(program.output(1))).containsExactly(2, 3);
        assertThat(read(program.output(2))).containsExactly(2, 3);
        assertThat(program.output(3).type()).isEqualTo(TensorType.f32(2, 1));
        assertThat(read(program.output(3))).containsExactly(2, 3);
        assertThat(read(program.output(4))).containsExactly(3, 3);
    }

    @Test
    void what_is_closed_says_so() {
        Variable a = variable("a", 1, 2);
        Buffer buffer = device.variable(a);
        Executable program = square(3);
        Executable other = square(4);
        program.close();
        assertThatThrownBy(program::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        device.close();
        assertThatThrownBy(other::run).hasMessageContaining("device is closed");
        assertThatThrownBy(() -> device.variable(a)).hasMessageContaining("device is closed");
        assertThatThrownBy(() -> buffer.write(new float[2])).hasMessageContaining("variable a");
    }

    @Test
    void wrong_counts_and_types_are_refused() {
        Buffer buffer = device.variable(new Variable("a", PAIR));
        assertThatThrownBy(() -> buffer.write(new float[3])).hasMessageContaining("2 elements");
        assertThatThrownBy(() -> buffer.write(new int[2])).hasMessageContaining("integers");
        assertThatThrownBy(() -> buffer.read(new double[1])).hasMessageContaining("2 elements");
    }

    @Test
    void a_run_allocates_nothing() {
        Executable program = step(4);
        for (int i = 0; i < 100; i++) {
            program.run();
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long leastAllocated = Long.MAX_VALUE;
        long leastGrowth = Long.MAX_VALUE;
        // The virtual machine's own memory grows now and then; what a run takes shows in every round.
        for (int round = 0; round < 5 && (leastAllocated > 0 || leastGrowth >= 40_000); round++) {
            long resident = Pointer.physicalBytes();
            long start = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < 400; i++) {
                program.run();
            }
            leastAllocated = Math.min(leastAllocated, threads.getThreadAllocatedBytes(thread) - start);
            leastGrowth = Math.min(leastGrowth, Pointer.physicalBytes() - resident);
        }
        assertThat(leastAllocated).isZero();
        assertThat(leastGrowth).isLessThan(40_000);
    }

    @Test
    void the_same_numbers_come_out_every_time() {
        Executable program = step(32);
        program.run();
        float[] first = read(program.output(0));
        for (int i = 0; i < 20; i++) {
            program.run();
            assertThat(read(program.output(0))).containsExactly(first);
        }
    }

    @Test
    void steps_are_listed_and_timed_in_order() {
        Executable program = step(4);
        assertThat(program.timedRun()).hasSameSizeAs(program.steps().toArray());
        assertThat(program.steps())
                .extracting(Executable.Step::kernel)
                .anyMatch(kernel -> kernel.endsWith("_batch_norm"));
    }

    /** A convolution, batch norm, and a linear layer with its loss. */
    protected final Executable step(int n) {
        Tensor x = Input.input("x", TensorType.f32(n, 8, 8, 3));
        Tensor labels = Input.input("labels", TensorType.i32(n));
        Tensor w = Fill.fill(0.1, TensorType.f32(16, 3, 3, 3));
        Tensor h = new BatchNorm(1e-5, false, true)
                .apply(Conv2d.conv2d(x, w, 1, 1), Fill.fill(1, TensorType.f32(16)), Fill.fill(0, TensorType.f32(16)));
        Tensor logits = Matmul.matmul(Sum.sum(h, 1, 2), Fill.fill(0.01, TensorType.f32(16, 10)));
        Executable program =
                device.load(new Graph(List.of(Sum.sum(CrossEntropy.crossEntropy(logits, labels)), logits), List.of()));
        float[] pixels = new float[n * 8 * 8 * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (i * 31 % 101) / 50f - 1;
        }
        program.input(x).write(pixels);
        return program;
    }

    protected final Executable square(int n) {
        Tensor x = Fill.fill(2, TensorType.f32(n));
        Tensor w = Input.input("w", TensorType.f32(n));
        Executable program = device.load(new Graph(List.of(Sum.sum(w.times(x).plus(x))), List.of()));
        float[] ones = new float[n];
        Arrays.fill(ones, 1);
        program.input(w).write(ones);
        return program;
    }

    protected final Variable variable(String name, float... values) {
        Variable variable = new Variable(name, TensorType.f32(values.length));
        device.variable(variable).write(values);
        return variable;
    }

    protected final Executable run(List<Tensor> outputs, Assignment... assignments) {
        Executable program = device.load(new Graph(outputs, List.of(assignments)));
        program.run();
        return program;
    }

    protected static float[] read(Buffer buffer) {
        float[] values = new float[(int) buffer.type().shape().size()];
        buffer.read(values);
        return values;
    }
}
