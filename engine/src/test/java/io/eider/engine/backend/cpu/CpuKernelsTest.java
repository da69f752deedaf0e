package io.eider.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Executable;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.InvalidExampleException;
import io.eider.engine.op.fused.BatchNorm;
import io.eider.engine.op.fused.BatchNormGradient;
import io.eider.engine.op.fused.BatchNormTangent;
import io.eider.engine.op.fused.ChannelAffine;
import io.eider.engine.op.fused.CrossEntropy;
import io.eider.engine.op.fused.ExampleLossGradient;
import io.eider.engine.op.fused.ExampleLossTangent;
import io.eider.engine.op.fused.Ldam;
import io.eider.engine.op.fused.MetaGradient;
import io.eider.engine.op.fused.SgdStep;
import io.eider.engine.op.primitive.Add;
import io.eider.engine.op.primitive.Broadcast;
import io.eider.engine.op.primitive.Conv2d;
import io.eider.engine.op.primitive.Conv2dGradFilter;
import io.eider.engine.op.primitive.Conv2dGradInput;
import io.eider.engine.op.primitive.Divide;
import io.eider.engine.op.primitive.Equal;
import io.eider.engine.op.primitive.Exp;
import io.eider.engine.op.primitive.Fill;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.op.primitive.Log;
import io.eider.engine.op.primitive.Matmul;
import io.eider.engine.op.primitive.Max;
import io.eider.engine.op.primitive.Multiply;
import io.eider.engine.op.primitive.Negate;
import io.eider.engine.op.primitive.Pad;
import io.eider.engine.op.primitive.Pick;
import io.eider.engine.op.primitive.Place;
import io.eider.engine.op.primitive.Positive;
import io.eider.engine.op.primitive.Relu;
import io.eider.engine.op.primitive.Slice;
import io.eider.engine.op.primitive.Sqrt;
import io.eider.engine.op.primitive.Subtract;
import io.eider.engine.op.primitive.Sum;
import io.eider.engine.op.primitive.Transpose;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuKernelsTest {
    /** A few roundings of f32 on numbers of size 1; longer sums say their own. */
    private static final double ROUNDINGS = 1e-6;

    private Device cpu;

    @BeforeEach
    void open() {
        cpu = new CpuBackend().open(2);
    }

    @AfterEach
    void close() {
        cpu.close();
    }

    @ParameterizedTest
    @CsvSource({
        "2, 9, 16, 16, 3, 1, 1", "3, 8, 3, 16, 3, 1, 1", "2, 9, 16, 32, 3, 2, 1", "2, 8, 32, 64, 3, 2, 1",
        "1, 7, 5, 33, 3, 1, 0", "2, 8, 16, 32, 1, 2, 0", "1, 12, 3, 7, 7, 2, 3", "2, 1, 31, 2, 1, 1, 0",
    })
    void convolution_and_its_adjoints(int n, int size, int in, int out, int filter, int stride, int padding) {
        Tensor x = input(n, size, size, in);
        Tensor w = input(out, filter, filter, in);
        Tensor y = Conv2d.conv2d(x, w, stride, padding);
        Tensor g = Input.input("g", y.type());
        // Sums of up to n · size² · filter² products of size 1.
        Both.agree(
                cpu,
                1e-5,
                1,
                false,
                y,
                new Conv2dGradInput(stride, padding, size, size).apply(g, w),
                new Conv2dGradFilter(stride, padding, filter, filter).apply(x, g));
    }

    @Test
    void a_convolution_of_no_images_has_a_filter_gradient_of_zeros() {
        Tensor x = input(0, 4, 4, 3);
        Tensor y = Conv2d.conv2d(x, input(2, 3, 3, 3), 1, 1);
        Both.agree(cpu, 0, 1, false, y, new Conv2dGradFilter(1, 1, 3, 3).apply(x, y));
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void matrix_product(boolean transposeA, boolean transposeB) {
        Tensor a = transposeA ? input(17, 7) : input(7, 17);
        Tensor b = transposeB ? input(33, 17) : input(17, 33);
        Both.agree(cpu, 1e-5, 1, false, new Matmul(transposeA, transposeB).apply(a, b));
    }

    @Test
    void a_matrix_product_over_nothing_is_zero() {
        Both.agree(cpu, 0, 1, false, Matmul.matmul(input(3, 0), input(0, 5)));
    }

    @Test
    void elementwise() {
        for (int n : new int[] {1, 31, 1000}) {
            Tensor a = input(n, 3);
            Tensor b = input(n, 3);
            List<Tensor> outputs = new ArrayList<>();
            for (Op op : List.of(new Negate(), new Exp(), new Log(), new Sqrt(), new Relu(), new Positive())) {
                outputs.add(op.apply(a.plus(-1)));
            }
            for (Op op : List.of(new Add(), new Subtract(), new Multiply(), new Divide(), new Equal())) {
                outputs.add(op.apply(a, b));
            }
            outputs.add(new Equal().apply(a, a));
            outputs.remove(2);
            outputs.remove(2);
            outputs.add(Log.log(a));
            outputs.add(Sqrt.sqrt(a));
            Both.agree(cpu, ROUNDINGS, 1, true, outputs.toArray(Tensor[]::new));
        }
    }

    @Test
    void movement() {
        Tensor x = input(5, 6, 7);
        Both.agree(
                cpu,
                0,
                1,
                false,
                Broadcast.broadcast(input(6, 1), Shape.of(5, 6, 7)),
                Broadcast.broadcast(input(), Shape.of(3)),
                new Slice(List.of(1, 0, 2), List.of(2, 1, 3), Shape.of(2, 6, 2)).apply(x),
                new Pad(List.of(1, 0, 2), List.of(2, 1, 3), Shape.of(11, 6, 21)).apply(x),
                new Pad(List.of(1), List.of(1), Shape.of(4)).apply(input(0)),
                Transpose.transpose(x, 2, 0, 1),
                Fill.fill(0.5, TensorType.f32(600_000)));
    }

    @Test
    void reductions() {
        Tensor x = input(31, 7, 33);
        Both.agree(
                cpu,
                1e-5,
                1,
                false,
                Sum.sum(x),
                Sum.sum(x, 0, 1),
                Sum.sum(x, 2),
                Sum.sum(x, 1),
                Sum.sum(input(0, 3), 0),
                Max.max(x, 0, 2),
                Max.max(x, 1));
    }

    @Test
    void batch_normalisation() {
        for (boolean residual : new boolean[] {false, true}) {
            for (boolean relu : new boolean[] {false, true}) {
                Tensor x = input(3, 5, 7, 16);
                List<Tensor> inputs = new ArrayList<>(List.of(x, input(16), input(16)));
                if (residual) {
                    inputs.add(input(3, 5, 7, 16));
                }
                Node forward = new Node(new BatchNorm(1e-5, residual, relu), inputs);
                List<Tensor> gradient = new ArrayList<>(
                        List.of(x, input(16), forward.output(1), forward.output(2), input(3, 5, 7, 16)));
                List<Tensor> tangent = new ArrayList<>(List.of(
                        x, input(16), forward.output(1), forward.output(2), input(3, 5, 7, 16), input(16), input(16)));
                if (residual) {
                    tangent.add(input(3, 5, 7, 16));
                }
                if (relu) {
                    gradient.add(forward.output(0));
                    tangent.add(forward.output(0));
                }
                List<Tensor> outputs = new ArrayList<>(List.of(forward.outputs()));
                outputs.addAll(List.of(new Node(new BatchNormGradient(1e-5, residual, relu), gradient).outputs()));
                outputs.addAll(List.of(new Node(new BatchNormTangent(1e-5, residual, relu), tangent).outputs()));
                outputs.add(new ChannelAffine(residual, relu).apply(inputs.toArray(Tensor[]::new)));
                Both.agree(cpu, 2e-5, 1, false, outputs.toArray(Tensor[]::new));
            }
        }
    }

    @Test
    void labels() {
        Tensor z = input(33, 10);
        Tensor labels = Input.input("labels", TensorType.i32(33));
        Both.agree(
                cpu,
                1e-5,
                10,
                false,
                Pick.pick(z, labels),
                Place.place(input(33), labels, 10),
                CrossEntropy.crossEntropy(z, labels),
                new ExampleLossGradient(new CrossEntropy()).apply(z, labels, input(33)),
                new ExampleLossTangent(new CrossEntropy()).apply(z, labels, input(33, 10)));
    }

    @Test
    void a_gradient_may_lie_where_the_logits_or_their_tangents_did() {
        Tensor labels = Input.input("labels", TensorType.i32(33));
        Tensor margins = input(33);
        Ldam loss = new Ldam(4);
        Tensor gradient = new ExampleLossGradient(loss).apply(input(33, 10).plus(1), labels, margins, input(33));
        Node overLogits = new Node(
                new MetaGradient(loss),
                List.of(input(33, 10).plus(1), labels, margins, input(33, 10), input(33), input()));
        Node overTangents = new Node(
                new MetaGradient(loss),
                List.of(input(33, 10), labels, margins, input(33, 10).plus(1), input(33), input()));
        for (Tensor gz : List.of(gradient, overLogits.output(2), overTangents.output(2))) {
            Both.agree(cpu, 1e-5, 10, false, gz.times(2));
            try (Executable program = cpu.load(new Graph(List.of(gz.times(2)), List.of()))) {
                assertThat(program.arenaBytes()).isLessThan(2 * gz.type().bytes());
            }
        }
    }

    @Test
    void a_bad_label_stops_the_run_with_the_example_named() {
        Tensor z = input(4, 10);
        Tensor labels = Input.input("labels", TensorType.i32(4));
        for (Tensor output : List.of(CrossEntropy.crossEntropy(z, labels), Pick.pick(z, labels))) {
            try (Executable program = cpu.load(new Graph(List.of(output), List.of()))) {
                program.input(labels).write(new int[] {0, 9, 10, -1});
                assertThatThrownBy(program::run)
                        .isInstanceOf(InvalidExampleException.class)
                        .hasMessageContaining("example 2");
            }
        }
        try (Executable program = cpu.load(new Graph(List.of(CrossEntropy.crossEntropy(z, labels)), List.of()))) {
            float[] logits = new float[40];
            logits[35] = Float.NaN;
            program.input(z).write(logits);
            assertThatThrownBy(program::run)
                    .isInstanceOf(InvalidExampleException.class)
                    .hasMessageContaining("example 3");
        }
    }

    @Test
    void sgd() {
        Tensor learningRate = input();
        for (boolean nesterov : new boolean[] {false, true}) {
            Node step = new Node(
                    new SgdStep(0.9, 2e-4, nesterov), List.of(input(5, 7), input(5, 7), input(5, 7), learningRate));
            Both.agree(cpu, ROUNDINGS, 1, false, step.outputs());
        }
    }

    @Test
    void strided_convolutions_use_a_direct_implementation() {
        Tensor x = input(10, 32, 32, 16);
        Tensor w = input(32, 3, 3, 16);
        Tensor y = Conv2d.conv2d(x, w, 2, 1);
        Graph graph = new Graph(List.of(new Conv2dGradInput(2, 1, 32, 32).apply(y, w)), List.of());
        try (Executable program = cpu.load(graph)) {
            assertThat(program.steps())
                    .extracting(Executable.Step::kernel)
                    .allMatch(kernel -> kernel.startsWith("oneDNN jit:"));
        }
    }

    @Test
    void other_element_types_are_refused() {
        TensorType f64 = new TensorType(DType.F64, Shape.of(3));
        Tensor x = Input.input("x", f64);
        Tensor y = Relu.relu(x);
        assertThat(cpu.supports(y.node())).isFalse();
        assertThatThrownBy(() -> cpu.load(new Graph(List.of(y), List.of())))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("Relu");
    }

    @Test
    void every_primitive_is_there() {
        assertThat(new CpuKernels().kernels(cpu))
                .hasSize(IntStream.of(4, 5, 11, 4, 2, 4, 3, 2, 4).sum());
    }

    private static Tensor input(int... dims) {
        return Input.input("x", TensorType.f32(dims));
    }
}
