package io.eider.bench.kernel;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.FusedOp;
import io.eider.engine.op.fused.CrossEntropy;
import io.eider.engine.op.fused.ExampleLoss;
import io.eider.engine.op.fused.ExampleLossGradient;
import io.eider.engine.op.fused.ExampleLossTangent;
import io.eider.engine.op.fused.Focal;
import io.eider.engine.op.fused.Ldam;
import io.eider.engine.op.fused.LossFunction;
import io.eider.engine.op.fused.MetaGradient;
import io.eider.engine.op.fused.SigmoidFocal;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.op.primitive.Slice;
import io.eider.engine.program.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The loss kernels of the cpu backend, beside a copy of as many bytes, beside their decomposition on the same device, and
 * checked against the reference device first. On a machine that is not quiet take the ratios of {@link LossRatios}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LossKernels {
    /** Examples and classes: CIFAR-10, ImageNet, iNaturalist 2018. */
    @Param({"128x10", "128x1000", "512x8142"})
    public String shape;

    /** Which loss. */
    @Param({"crossEntropy", "focal", "sigmoidFocal", "ldam"})
    public String loss;

    /** Which of the loss's ops. */
    @Param({"value", "gradient", "tangent", "metaGradient"})
    public String op;

    /** Threads of the device. */
    @Param("2")
    public int threads;

    private Device device;
    private Program fused;
    private Program unfused;
    private Program copy;

    /** Used by JMH. */
    public LossKernels() {}

    /** Runs the kernel. */
    @Benchmark
    public void kernel() {
        fused.run();
    }

    /** Runs the decomposition into primitives, each by its kernel. */
    @Benchmark
    public void unfused() {
        unfused.run();
    }

    /** Reads half as many bytes as the kernel reads and writes of matrices, and writes them elsewhere. */
    @Benchmark
    public void copy() {
        copy.run();
    }

    /** Compiles the three programs and checks the first two. */
    @Setup(Level.Trial)
    public void open() {
        device = Devices.open("cpu", threads);
        Node node = new Node(op(), inputs());
        List<Tensor> outputs = List.of(node.outputs());
        fused = Program.compile(device, outputs, List.of());
        unfused = Program.compile(new Unfused(device), outputs, List.of());
        copy = copy(node.input(0).shape());
        feed(fused, node);
        feed(unfused, node);
        check(node);
    }

    /** Frees the device's memory. */
    @TearDown(Level.Trial)
    public void close() {
        device.close();
    }

    /** Returns how many matrices of the logits' size the kernel reads and writes. */
    int matrices() {
        return switch (op) {
            case "value" -> 1;
            case "metaGradient" -> 3;
            default -> 2;
        };
    }

    private LossFunction lossFunction() {
        return switch (loss) {
            case "focal" -> new Focal(1);
            case "sigmoidFocal" -> new SigmoidFocal(1);
            case "ldam" -> new Ldam(30);
            default -> new CrossEntropy();
        };
    }

    private FusedOp op() {
        return switch (op) {
            case "value" -> new ExampleLoss(lossFunction());
            case "gradient" -> new ExampleLossGradient(lossFunction());
            case "tangent" -> new ExampleLossTangent(lossFunction());
            default -> new MetaGradient(lossFunction());
        };
    }

    private List<Tensor> inputs() {
        String[] extents = shape.split("x", -1);
        int n = Integer.parseInt(extents[0]);
        TensorType logits = TensorType.f32(n, Integer.parseInt(extents[1]));
        TensorType examples = TensorType.f32(n);
        List<TensorType> types = new ArrayList<>(List.of(logits, TensorType.i32(n)));
        if (lossFunction().margins()) {
            types.add(examples);
        }
        switch (op) {
            case "value" -> {}
            case "gradient" -> types.add(examples);
            case "tangent" -> types.add(logits);
            default -> types.addAll(List.of(logits, examples, TensorType.f32()));
        }
        return types.stream().map(type -> Input.input("", type)).toList();
    }

    private Program copy(Shape logits) {
        int rows = logits.dim(0) * matrices() / 2;
        Tensor source = Input.input("", TensorType.f32(rows, logits.dim(1)));
        Tensor target = new Slice(List.of(0, 0), List.of(1, 1), source.shape()).apply(source);
        Program program = Program.compile(device, List.of(target), List.of());
        program.set(source, new float[(int) source.shape().size()]);
        return program;
    }

    /** Numbers from −1 to 1, as cosines are. */
    private static void feed(Program program, Node node) {
        Random random = new Random(7);
        int classes = node.input(0).shape().dim(1);
        for (Tensor input : node.inputs()) {
            int size = (int) input.shape().size();
            if (input.dtype() == DType.I32) {
                program.set(input, random.ints(size, 0, classes).toArray());
            } else {
                float[] numbers = new float[size];
                for (int i = 0; i < size; i++) {
                    numbers[i] = 2 * random.nextFloat() - 1;
                }
                program.set(input, numbers);
            }
        }
    }

    private void check(Node node) {
        List<Tensor> outputs = List.of(node.outputs());
        try (Device reference = Devices.open("reference", 1);
                Program program = Program.compile(reference, outputs, List.of())) {
            feed(program, node);
            for (Program each : List.of(program, fused, unfused)) {
                each.run();
            }
            for (Tensor output : outputs) {
                check(program.get(output), fused.get(output));
                check(program.get(output), unfused.get(output));
            }
        }
    }

    /** Sums over up to 8142 classes of numbers whose exponents are up to 60: 60 · eps · √8142 of the largest. */
    private void check(double[] expected, double[] actual) {
        double largest = 0;
        double error = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            // Unlike a comparison, it keeps a NaN once met.
            error = Math.max(error, Math.abs(expected[i] - actual[i]));
        }
        if (!(error <= 60 * 0x1p-23 * Math.sqrt(8142) * largest)) {
            throw new IllegalStateException(
                    loss + " " + op + " " + shape + " is off by " + error + " where numbers are up to " + largest);
        }
    }
}
