package io.eider.engine.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.engine.autodiff.Autodiff;
import io.eider.engine.backend.Buffer;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.engine.backend.Devices;
import io.eider.engine.backend.Executable;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.graph.Variable;
import io.eider.engine.op.fused.BatchNorm;
import io.eider.engine.op.fused.BatchNormGradient;
import io.eider.engine.op.fused.BatchNormTangent;
import io.eider.engine.op.primitive.Add;
import io.eider.engine.op.primitive.Broadcast;
import io.eider.engine.op.primitive.Cast;
import io.eider.engine.op.primitive.Conv2d;
import io.eider.engine.op.primitive.Conv2dGradFilter;
import io.eider.engine.op.primitive.Conv2dGradInput;
import io.eider.engine.op.primitive.Exp;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.op.primitive.Matmul;
import io.eider.engine.op.primitive.MaxPool;
import io.eider.engine.op.primitive.PickInWindow;
import io.eider.engine.op.primitive.PlaceInWindow;
import io.eider.engine.op.primitive.Slice;
import io.eider.engine.op.primitive.Sum;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** On two convolutions with batch norm and a shortcut, pooled and multiplied, with gradients and tangents. */
class MixedPrecisionTest {
    private static final int N = 2;

    private final Tensor x = Input.input("x", TensorType.f32(N, 8, 8, 3));
    private final Variable first = new Variable("first", TensorType.f32(4, 3, 3, 3));
    private final Variable second = new Variable("second", TensorType.f32(4, 3, 3, 4));
    private final Variable gamma = new Variable("gamma", TensorType.f32(4));
    private final Variable head = new Variable("head", TensorType.f32(4, 5));
    private final List<Tensor> parameters = List.of(first.read(), second.read(), gamma.read(), head.read());
    private final Tensor loss = loss();

    private Tensor loss() {
        Tensor scale = parameters.get(2);
        Node stem = new Node(
                new BatchNorm(1e-5, false, true), List.of(Conv2d.conv2d(x, parameters.get(0), 1, 1), scale, scale));
        Tensor half = new Slice(List.of(0, 0, 0, 0), List.of(1, 2, 2, 1), Shape.of(N, 4, 4, 4)).apply(stem.output(0));
        Node block = new Node(
                new BatchNorm(1e-5, true, true),
                List.of(Conv2d.conv2d(stem.output(0), parameters.get(1), 2, 1), scale, scale, half));
        Tensor pooled = Sum.sum(block.output(0), 1, 2).times(1.0 / 16);
        return Sum.sum(Exp.exp(Matmul.matmul(pooled, parameters.get(3)).times(0.1)));
    }

    private Graph gradients() {
        List<Tensor> gradients = Autodiff.gradients(loss, parameters);
        return new Graph(Stream.concat(Stream.of(loss), gradients.stream()).toList(), List.of());
    }

    @Test
    void imagesAreBFloatsAndEverythingElseIsNot() {
        List<Node> nodes = lowered(gradients()).nodes();
        assertThat(of(nodes, Conv2d.class)).hasSize(2);
        assertThat(of(nodes, Conv2dGradInput.class)).hasSize(1);
        assertThat(of(nodes, Conv2dGradFilter.class)).hasSize(2);
        assertThat(nodes).allSatisfy(node -> {
            if (node.op() instanceof Conv2d || node.op() instanceof Conv2dGradInput || node.op() instanceof Slice) {
                assertThat(dtypes(node)).as("%s", node).containsOnly(DType.BF16);
            } else if (node.op() instanceof Conv2dGradFilter) {
                assertThat(node.inputs()).allMatch(input -> input.dtype() == DType.BF16);
                assertThat(node.type(0)).isEqualTo(parameterType(node));
            } else if (node.op() instanceof BatchNorm || node.op() instanceof BatchNormGradient) {
                types(node)
                        .forEach(type -> assertThat(type.dtype())
                                .as("%s", node)
                                .isEqualTo(type.shape().rank() == 4 ? DType.BF16 : DType.F32));
            } else if (node.op() instanceof Matmul || node.op() instanceof Exp) {
                assertThat(dtypes(node)).as("%s", node).containsOnly(DType.F32);
            }
        });
        assertThat(of(nodes, Sum.class))
                .filteredOn(node -> node.input(0).shape().rank() == 4)
                .singleElement()
                .satisfies(pool -> assertThat(dtypes(pool)).containsExactly(DType.BF16, DType.F32));
    }

    /** Of the images, of each filter, and of what comes back from the pooled features: before it is repeated. */
    @Test
    void castsThatMeetCancel() {
        List<Node> nodes = lowered(gradients()).nodes();
        assertThat(of(nodes, Cast.class))
                .allSatisfy(cast -> assertThat(cast.type(0).dtype()).isEqualTo(DType.BF16))
                .extracting(cast -> cast.input(0).shape())
                .containsExactlyInAnyOrder(
                        x.shape(), first.type().shape(), second.type().shape(), Shape.of(N, 4));
        assertThat(of(nodes, Broadcast.class))
                .filteredOn(node -> node.type(0).shape().rank() == 4)
                .singleElement()
                .satisfies(repeat -> assertThat(dtypes(repeat)).containsOnly(DType.BF16));
    }

    @Test
    void tangentsAreBFloatsToo() {
        Tensor[] theta = parameters.toArray(Tensor[]::new);
        Tensor[] directions =
                Stream.of(theta).map(t -> Input.input("t", t.type())).toArray(Tensor[]::new);
        Tensor tangent = Autodiff.jvp(new Tensor[] {loss}, theta, directions)[0];
        List<Node> nodes = lowered(new Graph(List.of(tangent), List.of())).nodes();
        assertThat(of(nodes, BatchNormTangent.class))
                .hasSize(2)
                .allSatisfy(node -> assertThat(
                                types(node).stream().filter(type -> type.shape().rank() == 4))
                        .allMatch(type -> type.dtype() == DType.BF16));
        assertThat(of(nodes, Add.class))
                .filteredOn(node -> node.type(0).shape().rank() == 4)
                .isNotEmpty()
                .allSatisfy(node -> assertThat(dtypes(node)).containsOnly(DType.BF16));
    }

    /** Of a pooled image its gradient and its tangent, with nothing cast but the input and what comes in from outside. */
    @Test
    void poolingIsOfBFloatsAndItsPlacesStayBytes() {
        Tensor pooled = MaxPool.maxPool(Conv2d.conv2d(x, parameters.get(0), 1, 1), 3, 2, 1);
        Tensor square = Sum.sum(Conv2d.conv2d(pooled, parameters.get(1), 1, 1), 1, 2);
        Tensor value = Sum.sum(square.times(square));
        List<Tensor> xs = parameters.subList(0, 2);
        List<Tensor> gradients = Autodiff.gradients(value, xs);
        List<Tensor> directions =
                xs.stream().map(theta -> Input.input("direction", theta.type())).toList();
        Tensor tangent = Autodiff.jvp(value, xs, directions);
        List<Node> nodes = lowered(new Graph(List.of(gradients.get(0), tangent), List.of()))
                .nodes();
        for (Class<? extends Op> op : List.of(MaxPool.class, PickInWindow.class, PlaceInWindow.class)) {
            assertThat(of(nodes, op))
                    .singleElement()
                    .satisfies(node -> assertThat(types(node))
                            .allMatch(type -> type.dtype() == DType.BF16 || type.dtype() == DType.U8)
                            .anyMatch(type -> type.dtype() == DType.U8));
        }
        assertThat(of(nodes, Cast.class))
                .filteredOn(cast -> cast.input(0).shape().equals(pooled.shape()))
                .isEmpty();
    }

    @Test
    void resultsKeepTheirTypes() {
        Tensor image = Conv2d.conv2d(x, parameters.get(0), 1, 1);
        Graph lowered = lowered(new Graph(List.of(image), List.of()));
        assertThat(lowered.outputs().get(0).type()).isEqualTo(image.type());
        assertThat(lowered.outputs().get(0).node().op()).isEqualTo(new Cast(DType.F32));
    }

    @Test
    void aFilterThatIsComputedIsRoundedAfterIt() {
        Tensor ahead = parameters.get(0).minus(Input.input("g", first.type()).times(1e-3));
        Graph lowered = lowered(new Graph(List.of(Conv2d.conv2d(x, ahead, 1, 1)), List.of()));
        Node convolution = of(lowered.nodes(), Conv2d.class).get(0);
        Node filter = convolution.input(1).node();
        assertThat(filter.op()).isEqualTo(new Cast(DType.BF16));
        assertThat(filter.input(0).node().op().name()).isEqualTo("subtract");
        assertThat(dtypes(filter.input(0).node())).containsOnly(DType.F32);
    }

    @Test
    void whatHasNoConvolutionStaysAsItIs() {
        Tensor y = Input.input("y", TensorType.f32(N, 4, 4, 4));
        List<Node> nodes =
                lowered(new Graph(List.of(Sum.sum(y.plus(y), 1, 2)), List.of())).nodes();
        assertThat(nodes).allSatisfy(node -> assertThat(dtypes(node)).containsOnly(DType.F32));
    }

    /**
     * The same numbers on every device, up to the last bit of bf16 here and there: each rounds where the graph says. What
     * one such bit makes of a gradient is of the size of its spacing, 2⁻⁷, and there are few of them.
     */
    @Test
    void devicesRoundAtTheSamePlaces() {
        Graph graph = gradients();
        List<double[]> expected = run("reference", graph);
        List<double[]> actual = run("cpu", graph);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(distance(expected.get(i), actual.get(i)))
                    .as("%s", graph.outputs().get(i))
                    .isLessThan(0x1p-8);
        }
    }

    @Test
    void aDeviceThatCannotKeepSuchImagesIsRefusedByName() {
        try (Device device = new WithoutKernels(Devices.open("reference", 1))) {
            assertThatThrownBy(() -> Program.compile(device, List.of(x), List.of(), ProgramOptions.of(Precision.BF16)))
                    .isInstanceOf(DeviceUnavailableException.class)
                    .hasMessageContaining("precision bf16")
                    .hasMessageContaining(device.description())
                    .hasMessageContaining("use f32");
        }
    }

    private record WithoutKernels(Device device) implements Device {
        @Override
        public String name() {
            return "without";
        }

        @Override
        public String description() {
            return device.description();
        }

        @Override
        public boolean supports(Node node) {
            return false;
        }

        @Override
        public Buffer variable(Variable variable) {
            return device.variable(variable);
        }

        @Override
        public Executable load(Graph graph) {
            return device.load(graph);
        }

        @Override
        public void close() {
            device.close();
        }
    }

    private List<double[]> run(String backend, Graph graph) {
        try (Device device = Devices.open(backend, 1);
                Program program =
                        Program.compile(device, graph.outputs(), List.of(), ProgramOptions.of(Precision.BF16))) {
            Random random = new Random(3);
            for (Variable variable : List.of(first, second, gamma, head)) {
                device.variable(variable).write(normal(random, variable.type()));
            }
            program.set(x, normal(random, x.type()));
            program.run();
            return graph.outputs().stream().map(program::get).toList();
        }
    }

    private static float[] normal(Random random, TensorType type) {
        float[] numbers = new float[(int) type.shape().size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private static double distance(double[] expected, double[] actual) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            norm += expected[i] * expected[i];
        }
        return Math.sqrt(difference / norm);
    }

    private TensorType parameterType(Node gradFilter) {
        return gradFilter.input(0).shape().dim(3) == 3 ? first.type() : second.type();
    }

    private static Graph lowered(Graph graph) {
        return new MergeCommon().apply(new MixedPrecision().apply(new FoldConstants().apply(graph)));
    }

    private static List<Node> of(List<Node> nodes, Class<? extends Op> op) {
        return nodes.stream().filter(node -> op.isInstance(node.op())).toList();
    }

    private static List<TensorType> types(Node node) {
        List<TensorType> types =
                new ArrayList<>(node.inputs().stream().map(Tensor::type).toList());
        types.addAll(node.types());
        return types;
    }

    private static List<DType> dtypes(Node node) {
        return types(node).stream().map(TensorType::dtype).toList();
    }
}
