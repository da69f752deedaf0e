package io.eider.engine.op;

import static io.eider.engine.graph.TensorType.f32;
import static io.eider.engine.graph.TensorType.i32;
import static io.eider.engine.graph.TensorType.u8;
import static io.eider.engine.op.Draw.awayFromZero;
import static io.eider.engine.op.Draw.between;
import static io.eider.engine.op.Draw.bytes;
import static io.eider.engine.op.Draw.distinct;
import static io.eider.engine.op.Draw.labels;
import static io.eider.engine.op.Draw.normal;
import static io.eider.engine.op.Draw.spread;
import static io.eider.engine.op.Draw.ties;
import static io.eider.engine.op.Draw.windows;
import static io.eider.engine.op.OpCase.op;
import static io.eider.engine.op.OpCase.sizes;

import io.eider.engine.graph.DType;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.Variable;
import io.eider.engine.op.OpCase.Kind;
import io.eider.engine.op.fused.BatchNorm;
import io.eider.engine.op.fused.BatchNormGradient;
import io.eider.engine.op.fused.BatchNormTangent;
import io.eider.engine.op.fused.ChannelAffine;
import io.eider.engine.op.fused.ConvolutionPlus;
import io.eider.engine.op.fused.CrossEntropy;
import io.eider.engine.op.fused.ExampleLoss;
import io.eider.engine.op.fused.ExampleLossGradient;
import io.eider.engine.op.fused.ExampleLossTangent;
import io.eider.engine.op.fused.Focal;
import io.eider.engine.op.fused.Ldam;
import io.eider.engine.op.fused.LossFunction;
import io.eider.engine.op.fused.MetaGradient;
import io.eider.engine.op.fused.ScaledSums;
import io.eider.engine.op.fused.SgdStep;
import io.eider.engine.op.fused.SgdSteps;
import io.eider.engine.op.fused.SigmoidFocal;
import io.eider.engine.op.fused.UnitVectors;
import io.eider.engine.op.primitive.Add;
import io.eider.engine.op.primitive.Augment;
import io.eider.engine.op.primitive.Broadcast;
import io.eider.engine.op.primitive.Cast;
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
import io.eider.engine.op.primitive.MaxPool;
import io.eider.engine.op.primitive.Multiply;
import io.eider.engine.op.primitive.Negate;
import io.eider.engine.op.primitive.Pad;
import io.eider.engine.op.primitive.Pick;
import io.eider.engine.op.primitive.PickInWindow;
import io.eider.engine.op.primitive.Place;
import io.eider.engine.op.primitive.PlaceInWindow;
import io.eider.engine.op.primitive.Positive;
import io.eider.engine.op.primitive.ReadVariable;
import io.eider.engine.op.primitive.Relu;
import io.eider.engine.op.primitive.Reshape;
import io.eider.engine.op.primitive.Slice;
import io.eider.engine.op.primitive.Sqrt;
import io.eider.engine.op.primitive.StopGradient;
import io.eider.engine.op.primitive.Subtract;
import io.eider.engine.op.primitive.Sum;
import io.eider.engine.op.primitive.Transpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The table: a row for every op. A row gives a case for each awkward size; {@link OpCheck} does the rest. */
public final class OpCases {
    private static final double EPSILON = 1e-5;

    private static final String LIBRARY = "a vector library's elementary functions are good to a few last bits";
    private static final String SUM = "n terms are added, each addition rounded";
    private static final String NORMALISED = "two passes of sums over the rows, then a division by the deviation";
    private static final String SOFTMAX = "exponentials summed over the classes, then a division or a logarithm";

    private OpCases() {}

    /** What a program in mixed precision runs on bf16. */
    private static final Set<Class<? extends Op>> ON_BFLOATS = Set.of(
            Add.class,
            Broadcast.class,
            Reshape.class,
            Transpose.class,
            Slice.class,
            Pad.class,
            Sum.class,
            Conv2d.class,
            Conv2dGradInput.class,
            Conv2dGradFilter.class,
            ConvolutionPlus.class,
            MaxPool.class,
            PickInWindow.class,
            PlaceInWindow.class,
            BatchNorm.class,
            BatchNormGradient.class,
            BatchNormTangent.class,
            ChannelAffine.class);

    /** Returns all cases. */
    public static List<OpCase> all() {
        return Stream.concat(floats().stream(), bfloats()).toList();
    }

    private static List<OpCase> floats() {
        return Stream.of(
                        leaves(),
                        elementwise(),
                        movement(),
                        images(),
                        reductions(),
                        products(),
                        pooling(),
                        losses(),
                        normalisation())
                .flatMap(rows -> rows)
                .toList();
    }

    private static Stream<OpCase> bfloats() {
        return rows(
                floats().stream()
                        .filter(row -> ON_BFLOATS.contains(row.op().getClass()))
                        .map(OpCase::inBFloats),
                sizes(n -> op(new Fill(0.1f, f32(n).withDType(DType.BF16)))),
                sizes(n -> op(new Cast(DType.BF16)).in(normal(n))),
                sizes(n -> op(new Cast(DType.F32)).in(normal(n).bfloats())));
    }

    private static Stream<OpCase> leaves() {
        Variable variable = new Variable("v", f32(7));
        return rows(
                Stream.of(op(new Input("x", f32(7))).kind(Kind.LEAF)),
                Stream.of(op(new ReadVariable(variable)).kind(Kind.LEAF)),
                sizes(n -> op(new Fill(0.1f, f32(n)))));
    }

    private static Stream<OpCase> elementwise() {
        return rows(
                sizes(n -> op(new Add()).in(normal(n), normal(n))),
                sizes(n -> op(new Subtract()).in(normal(n), normal(n))),
                sizes(n -> op(new Multiply()).in(normal(n), normal(n))),
                sizes(n -> op(new Divide()).in(normal(n), awayFromZero(n))),
                sizes(n -> op(new Equal()).in(ties(n), ties(n)).kind(Kind.STOPPED)),
                sizes(n -> op(new Negate()).in(normal(n))),
                sizes(n -> op(new Exp()).in(normal(n)).tolerance(4, 1, LIBRARY)),
                sizes(n -> op(new Log()).in(between(0.5, 4, n)).tolerance(4, 1, LIBRARY)),
                sizes(n -> op(new Sqrt()).in(between(0.5, 4, n))),
                sizes(n -> op(new Relu()).in(awayFromZero(n))),
                sizes(n -> op(new Positive()).in(awayFromZero(n))),
                sizes(n -> op(new StopGradient()).in(normal(n)).kind(Kind.STOPPED)));
    }

    private static Stream<OpCase> movement() {
        return rows(
                sizes(n -> op(new Broadcast(Shape.of(3, n)))
                        .in(normal(n))
                        .movesAnyType()
                        .rejects(f32(n + 1))),
                sizes(n -> op(new Broadcast(Shape.of(n, 5)))
                        .in(normal(n, 1))
                        .movesAnyType()
                        .rejects(f32(5, n, 1))),
                sizes(n ->
                        op(new Broadcast(Shape.of(2, n, 3))).in(normal(1, n, 1)).movesAnyType()),
                sizes(n -> op(new Broadcast(Shape.of(n))).in(normal()).movesAnyType()),
                sizes(n -> op(new Reshape(Shape.of(3, n)))
                        .in(normal(n, 3))
                        .movesAnyType()
                        .rejects(f32(n, 4))),
                sizes(n -> op(new Transpose(List.of(1, 0)))
                        .in(normal(n, 3))
                        .movesAnyType()
                        .rejects(f32(n))),
                sizes(n -> op(new Transpose(List.of(2, 0, 3, 1)))
                        .in(normal(2, n, 3, 5))
                        .movesAnyType()),
                sizes(n -> op(new Slice(List.of(1, 0), List.of(2, 1), Shape.of(n, 3)))
                        .in(normal(2 * n + 1, 4))
                        .movesAnyType()
                        .rejects(f32(2 * n - 1, 4))),
                sizes(n -> op(new Pad(List.of(1, 0), List.of(2, 1), Shape.of(2 * n + 1, 4)))
                        .in(normal(n, 3))
                        .movesAnyType()
                        .rejects(f32(n + 1, 3))),
                sizes(n -> op(new Pick()).in(normal(n, 5), labels(5, n)).rejects(f32(n, 5), i32(n + 1))),
                sizes(n -> op(new Pick()).in(normal(3, n), labels(n, 3))),
                sizes(n -> op(new Place(5)).in(normal(n), labels(5, n)).rejects(f32(n), i32(n + 1))),
                sizes(n -> op(new Place(n)).in(normal(3), labels(n, 3))));
    }

    private static Stream<OpCase> images() {
        return rows(
                sizes(n -> augment(2, n, 5, 7, 3).rejects(u8(n, 2, 7, 3), i32(n, 3))),
                sizes(height -> augment(0, 2, height, 1, 1)),
                sizes(width -> augment(Math.min(width - 1, 4), 3, 5, width, 2)),
                sizes(channels -> augment(1, 2, 2, 3, channels)));
    }

    /** The same on every backend, to the bit. */
    private static OpCase augment(int pad, int n, int height, int width, int channels) {
        List<Double> mean =
                IntStream.range(0, channels).mapToObj(c -> 100.3 + c).toList();
        List<Double> deviation =
                IntStream.range(0, channels).mapToObj(c -> 60 + 0.7 * c).toList();
        return op(new Augment(pad, mean, deviation))
                .in(bytes(n, height, width, channels), windows(pad, n))
                .kind(Kind.STOPPED)
                .tolerance(0, 1, "a table of numbers that is made once");
    }

    private static Stream<OpCase> reductions() {
        return rows(
                sizes(n -> op(new Sum(List.of(0)))
                        .in(normal(n, 5))
                        .tolerance(4, n, SUM)
                        .rejects(f32())),
                sizes(n -> op(new Sum(List.of(1)))
                        .in(normal(5, n))
                        .tolerance(4, n, SUM)
                        .rejects(f32(n))),
                sizes(n -> op(new Sum(List.of(0, 1))).in(normal(3, n)).tolerance(4, 3 * n, SUM)),
                sizes(n -> op(new Sum(List.of(0, 1, 2))).in(normal(2, 3, 2, n)).tolerance(4, 12, SUM)),
                sizes(n -> op(new Sum(List.of(1))).in(normal(2, n, 3)).tolerance(4, n, SUM)),
                sizes(n -> op(new Max(List.of(0))).in(distinct(n, 5)).rejects(f32())),
                sizes(n -> op(new Max(List.of(1))).in(distinct(5, n)).rejects(f32(n))),
                sizes(n -> op(new Max(List.of(0, 1))).in(distinct(3, n))));
    }

    private static Stream<OpCase> products() {
        return rows(
                sizes(n -> op(new Matmul(false, false))
                        .in(normal(n, 7), normal(7, 3))
                        .tolerance(4, 7, SUM)),
                sizes(n -> op(new Matmul(false, false))
                        .in(normal(2, n), normal(n, 5))
                        .tolerance(4, n, SUM)),
                sizes(n -> op(new Matmul(false, true))
                        .in(normal(5, n), normal(3, n))
                        .tolerance(4, n, SUM)),
                sizes(n -> op(new Matmul(true, false))
                        .in(normal(7, 3), normal(7, n))
                        .tolerance(4, 7, SUM)),
                sizes(n -> op(new Matmul(true, true))
                        .in(normal(n, 2), normal(3, n))
                        .tolerance(4, n, SUM)),
                ConvolutionCase.all().map(ConvolutionCase::forward),
                ConvolutionCase.all().map(ConvolutionCase::gradInput),
                ConvolutionCase.all().map(ConvolutionCase::gradFilter),
                ConvolutionCase.all().map(ConvolutionCase::forwardPlus),
                ConvolutionCase.all().map(ConvolutionCase::gradInputPlus));
    }

    private static Stream<OpCase> pooling() {
        return rows(
                PoolCase.all().map(PoolCase::max),
                PoolCase.all().map(PoolCase::pick),
                PoolCase.all().map(PoolCase::place));
    }

    private static Stream<OpCase> losses() {
        return rows(
                losses(new CrossEntropy()),
                losses(new Focal(0)),
                losses(new Focal(0.5)),
                losses(new Focal(2)),
                losses(new SigmoidFocal(0)),
                losses(new SigmoidFocal(1.5)),
                // Smaller than in training, for the scale's cube is in the error of a difference.
                losses(new Ldam(4)),
                sizes(n -> sgd(n, 0.9, 5e-4, true)),
                sizes(n -> sgd(n, 0.9, 5e-4, false)),
                sizes(n -> sgd(n, 0, 0, false)),
                sizes(n -> sgds(n, 0.9, 5e-4, true)),
                sizes(n -> sgds(n, 0.9, 5e-4, false)),
                sizes(OpCases::scaledSums));
    }

    private static Stream<OpCase> losses(LossFunction loss) {
        return rows(
                logits((n, c) -> loss(new ExampleLoss(loss), loss, n, c)
                        .rejects(f32(n, c), i32(n + 1), f32(n))
                        .rejects(f32(n), i32(n), f32(n))),
                logits((n, c) -> loss(new ExampleLossGradient(loss), loss, n, c, normal(n))),
                logits((n, c) -> loss(new ExampleLossTangent(loss), loss, n, c, normal(n, c))),
                logits((n, c) -> loss(new MetaGradient(loss), loss, n, c, normal(n, c), normal(n), between(0.1, 0.5))));
    }

    /** Logits, labels, and margins if the loss has them; then what the op takes besides. */
    private static OpCase loss(FusedOp op, LossFunction loss, int n, int c, Draw... others) {
        List<Draw> inputs = new ArrayList<>(List.of(normal(n, c), labels(c, n)));
        if (loss.margins()) {
            inputs.add(between(0, 0.5, n));
        }
        inputs.addAll(List.of(others));
        return op(op).in(inputs.toArray(Draw[]::new));
    }

    private static Stream<OpCase> normalisation() {
        return rows(
                sizes(n -> op(new UnitVectors(1))
                        .in(awayFromZero(5, n))
                        .tolerance(4, n, SUM)
                        .rejects(f32(n))),
                sizes(n -> op(new UnitVectors(0)).in(awayFromZero(n, 5)).tolerance(4, n, SUM)),
                channels((rows, c) -> batchNorm(rows, c, false, false)),
                channels((rows, c) -> batchNorm(rows, c, false, true)),
                channels((rows, c) -> batchNorm(rows, c, true, false)),
                channels((rows, c) -> batchNorm(rows, c, true, true)),
                Stream.of(op(new BatchNorm(EPSILON, false, false))
                        .in(spread(2, 3, 5, 7), normal(7), normal(7))
                        .tolerance(16, 30, NORMALISED)
                        .rejects(f32(2, 3, 5, 7), f32(5), f32(7))),
                channels((rows, c) -> op(new BatchNormGradient(EPSILON, false, false))
                        .in(normal(rows, c), normal(c), normal(c), between(0.5, 2, c), normal(rows, c))
                        .tolerance(16, rows, NORMALISED)),
                channels((rows, c) -> op(new BatchNormGradient(EPSILON, true, true))
                        .in(
                                normal(rows, c),
                                normal(c),
                                normal(c),
                                between(0.5, 2, c),
                                normal(rows, c),
                                awayFromZero(rows, c))
                        .tolerance(16, rows, NORMALISED)),
                channels((rows, c) -> op(new BatchNormTangent(EPSILON, false, false))
                        .in(
                                normal(rows, c),
                                normal(c),
                                normal(c),
                                between(0.5, 2, c),
                                normal(rows, c),
                                normal(c),
                                normal(c))
                        .tolerance(16, rows, NORMALISED)),
                channels((rows, c) -> op(new BatchNormTangent(EPSILON, true, true))
                        .in(
                                normal(rows, c),
                                normal(c),
                                normal(c),
                                between(0.5, 2, c),
                                normal(rows, c),
                                normal(c),
                                normal(c),
                                normal(rows, c),
                                awayFromZero(rows, c))
                        .tolerance(16, rows, NORMALISED)),
                channels((rows, c) -> op(new ChannelAffine(false, false))
                        .in(normal(rows, c), normal(c), normal(c))
                        .tolerance(4, 1, "a product and a sum")
                        .rejects(f32(rows, c), f32(c + 1), f32(c))),
                channels((rows, c) -> op(new ChannelAffine(true, true))
                        .in(normal(rows, c), normal(c), normal(c), normal(rows, c))
                        .tolerance(4, 1, "a product and two sums")
                        .kinkWhereZero(in -> new ChannelAffine(true, false).apply(in))));
    }

    private static OpCase batchNorm(int rows, int c, boolean residual, boolean relu) {
        OpCase plain = op(new BatchNorm(EPSILON, residual, relu)).tolerance(16, rows, NORMALISED);
        OpCase drawn = residual
                ? plain.in(spread(rows, c), normal(c), normal(c), normal(rows, c))
                : plain.in(spread(rows, c), normal(c), normal(c));
        return relu ? drawn.kinkWhereZero(in -> new BatchNorm(EPSILON, residual, false).apply(in)) : drawn;
    }

    private static OpCase sgd(int n, double momentum, double weightDecay, boolean nesterov) {
        return op(new SgdStep(momentum, weightDecay, nesterov))
                .in(normal(n), normal(n), normal(n), between(0.01, 0.2))
                .tolerance(4, 1, "a handful of products and sums")
                .rejects(f32(n), f32(n), f32(n), f32(1));
    }

    /** Three sums, one of them empty. */
    private static OpCase scaledSums(int n) {
        return op(new ScaledSums(3))
                .in(normal(n), normal(0), normal(2, n), normal(n), normal(0), normal(2, n), between(-0.2, 0.2))
                .tolerance(2, 1, "a product and a sum")
                .rejects(f32(n), f32(n), f32());
    }

    /** Three parameters, one of them empty. */
    private static OpCase sgds(int n, double momentum, double weightDecay, boolean nesterov) {
        return op(new SgdSteps(new SgdStep(momentum, weightDecay, nesterov), 3))
                .in(
                        normal(n),
                        normal(0),
                        normal(2, n),
                        normal(n),
                        normal(0),
                        normal(2, n),
                        normal(n),
                        normal(0),
                        normal(2, n),
                        between(0.01, 0.2))
                .tolerance(4, 1, "a handful of products and sums")
                .rejects(f32(n), f32(n), f32(n), f32());
    }

    /** A case from two extents. */
    private interface Pair {
        OpCase of(int first, int second);
    }

    /** Awkward numbers of examples with 10 classes, and awkward numbers of classes. */
    private static Stream<OpCase> logits(Pair row) {
        Function<OpCase, OpCase> tolerance =
                one -> one.tolerance(8, one.types().get(0).shape().dim(1), SOFTMAX);
        return rows(sizes(n -> row.of(n, 10)), sizes(classes -> row.of(5, classes)))
                .map(tolerance);
    }

    /** Awkward numbers of rows, and awkward numbers of channels. */
    private static Stream<OpCase> channels(Pair row) {
        return rows(sizes(rows -> row.of(rows, 3)), sizes(channels -> row.of(6, channels)));
    }

    @SafeVarargs
    private static Stream<OpCase> rows(Stream<OpCase>... rows) {
        Stream<OpCase> all = Stream.empty();
        for (Stream<OpCase> row : rows) {
            all = Stream.concat(all, row);
        }
        return all;
    }
}
