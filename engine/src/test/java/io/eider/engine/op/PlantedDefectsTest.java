package io.eider.engine.op;

import static io.eider.engine.op.Draw.awayFromZero;
import static io.eider.engine.op.Draw.between;
import static io.eider.engine.op.Draw.labels;
import static io.eider.engine.op.Draw.normal;
import static io.eider.engine.op.OpCase.op;
import static io.eider.engine.op.fused.CrossEntropy.crossEntropy;
import static io.eider.engine.op.primitive.Exp.exp;
import static io.eider.engine.op.primitive.Pick.pick;
import static io.eider.engine.op.primitive.Sqrt.sqrt;
import static io.eider.engine.op.primitive.StopGradient.stopGradient;
import static io.eider.engine.op.primitive.Sum.sum;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.fused.BatchNorm;
import io.eider.engine.op.fused.CrossEntropy;
import io.eider.engine.op.fused.ExampleLoss;
import io.eider.engine.op.fused.ExampleLossGradient;
import io.eider.engine.op.fused.ExampleLossTangent;
import io.eider.engine.op.fused.Focal;
import io.eider.engine.op.fused.Ldam;
import io.eider.engine.op.fused.LossFunction;
import io.eider.engine.op.fused.SigmoidFocal;
import io.eider.engine.op.fused.UnitVectors;
import io.eider.engine.op.primitive.Conv2d;
import io.eider.engine.op.primitive.Conv2dGradFilter;
import io.eider.engine.op.primitive.Conv2dGradInput;
import io.eider.engine.op.primitive.Exp;
import io.eider.engine.op.primitive.Fill;
import io.eider.engine.op.primitive.Multiply;
import io.eider.engine.op.primitive.Pad;
import io.eider.engine.op.primitive.Relu;
import io.eider.engine.op.primitive.Reshape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The harness is worth what it catches: ops that are right but for one mistake must fail, in the check named. */
class PlantedDefectsTest {
    private static final OpCase SOFTMAX_LOSS =
            op(new ExampleLoss(new CrossEntropy())).in(normal(7, 5), labels(5, 7));

    private static final OpCase FOCAL_LOSS = op(new ExampleLoss(new Focal(2))).in(normal(7, 5), labels(5, 7));

    private static final OpCase SIGMOID_LOSS =
            op(new ExampleLoss(new SigmoidFocal(1.5))).in(normal(7, 5), labels(5, 7));

    private static final OpCase MARGIN_LOSS =
            op(new ExampleLoss(new Ldam(4))).in(normal(7, 5), labels(5, 7), between(0, 0.5, 7));

    private static final OpCase UNIT_VECTORS = op(new UnitVectors(1)).in(awayFromZero(7, 5));

    private static final OpCase NORMALISED =
            op(new BatchNorm(1e-5, false, false)).in(Draw.spread(6, 3), normal(3), normal(3));

    private static final OpCase CONVOLUTION =
            op(new Conv2d(2, 1)).in(normal(2, 5, 5, 3), normal(4, 3, 3, 3)).tolerance(4, 27, "27 products");

    @Test
    void theOpsWithoutDefectsPass() {
        Stream.of(SOFTMAX_LOSS, FOCAL_LOSS, SIGMOID_LOSS, MARGIN_LOSS, UNIT_VECTORS, NORMALISED, CONVOLUTION)
                .forEach(row ->
                        assertThatCode(() -> OpCheck.derivativesAndShapes(row)).doesNotThrowAnyException());
    }

    @TestFactory
    Stream<DynamicTest> everyDefectIsCaught() {
        return Stream.of(
                defect("a tangent of the wrong sign", with(SOFTMAX_LOSS, new SignError()), "jvp[0], output 0"),
                defect(
                        "a focus held fixed",
                        reverse(FOCAL_LOSS, (node, g) -> {
                            Tensor focus = node.output(0).dividedBy(crossEntropy(node.input(0), node.input(1)));
                            return new Tensor[] {gradient(new CrossEntropy(), node, g[0].times(focus)), null};
                        }),
                        "⟨g[0], jvp⟩"),
                defect(
                        "a label taken for another class",
                        forward(SIGMOID_LOSS, (node, t) -> {
                            Tensor right = new ExampleLossTangent(new SigmoidFocal(1.5))
                                    .apply(node.input(0), node.input(1), t[0]);
                            Tensor ones = Fill.fill(1, node.type(0));
                            Tensor slopes = gradient(new SigmoidFocal(1.5), node, ones);
                            return new Tensor[] {
                                right.minus(
                                        pick(slopes.times(t[0]), node.input(1)).times(2))
                            };
                        }),
                        "jvp[0], output 0"),
                defect(
                        "a margin's cotangent of the wrong sign",
                        reverse(MARGIN_LOSS, (node, g) -> {
                            Tensor gz = gradient(new Ldam(4), node, g[0]);
                            return new Tensor[] {gz, null, pick(gz, node.input(1))};
                        }),
                        "⟨vjp, t[0, 2]⟩"),
                defect(
                        "a margin's tangent left out",
                        forward(
                                MARGIN_LOSS,
                                (node, t) -> t[0] == null
                                        ? new Tensor[1]
                                        : new ExampleLoss(new Ldam(4)).jvp(node, new Tensor[] {t[0], null, null})),
                        "jvp[0, 2], output 0"),
                defect(
                        "a direction not projected",
                        forward(UNIT_VECTORS, (node, t) ->
                                new Tensor[] {t[0].times(node.output(0)).dividedBy(node.input(0))}),
                        "jvp[0], output 0"),
                defect(
                        "a length held fixed in a rule",
                        reverse(UNIT_VECTORS, (node, g) -> {
                            Tensor inverse = stopGradient(node.output(0).dividedBy(node.input(0)));
                            Tensor y = node.output(0);
                            Tensor along = Reshape.reshape(sum(y.times(g[0]), 1), Shape.of(7, 1));
                            return new Tensor[] {g[0].minus(y.times(along)).times(inverse)};
                        }),
                        "reverse over reverse, input 0"),
                defect("statistics held fixed", with(NORMALISED, new NoVarianceTerm()), "jvp[0, 1, 2], output 0"),
                defect("a gradient at the wrong stride", with(CONVOLUTION, new SwappedStride()), "⟨g[0], jvp⟩"),
                defect("a cotangent left out", op(new ForgottenCotangent()).in(normal(7), normal(7)), "⟨g[0], jvp⟩"),
                defect("a rule that is not one", op(new ConstantRule()).in(normal(7)), "forward over reverse, input 0"),
                defect("a kink where none is said", op(new Relu()).in(zeros(7)), "jvp[0], output 0"),
                defect(
                        "a fused rule of another function",
                        op(new OtherRule()).in(between(1, 2, 7)),
                        "jvp[0], output 0"),
                defect("an input overwritten", op(new Overwrites()).in(normal(7)), "changed its inputs"),
                defect("NaN", op(new NotANumber()).in(normal(7)), "NaN"),
                defect("an op that takes anything", op(new Careless()).in(normal(7), normal(7)), "to be thrown"),
                defect("a message without shapes", op(new Wordless()).in(normal(7)), "names not"));
    }

    private static DynamicTest defect(String name, OpCase row, String caughtBy) {
        return DynamicTest.dynamicTest(
                name,
                () -> assertThatThrownBy(() -> OpCheck.derivativesAndShapes(row))
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining(caughtBy));
    }

    /** A rule for cotangents or tangents. */
    private interface Rule {
        Tensor[] of(Node node, Tensor[] directions);
    }

    private static OpCase reverse(OpCase row, Rule vjp) {
        FusedOp right = (FusedOp) row.op();
        return with(row, new OneRule(right, vjp, right::jvp));
    }

    private static OpCase forward(OpCase row, Rule jvp) {
        FusedOp right = (FusedOp) row.op();
        return with(row, new OneRule(right, right::vjp, jvp));
    }

    private static Tensor gradient(LossFunction loss, Node node, Tensor cotangents) {
        List<Tensor> inputs = new ArrayList<>(node.inputs());
        inputs.add(cotangents);
        return new ExampleLossGradient(loss).apply(inputs.toArray(Tensor[]::new));
    }

    private static OpCase with(OpCase row, Op op) {
        OpCase same = op(op).in(row.inputs().toArray(Draw[]::new));
        return same.tolerance(
                row.tolerance().c(), row.tolerance().n(), row.tolerance().reason());
    }

    private static Draw zeros(int n) {
        return new Draw(TensorType.f32(n), random -> new double[n]);
    }

    /** A fused op with other rules. */
    private record OneRule(FusedOp right, Rule reverse, Rule forward) implements FusedOp {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            try {
                return right.infer(inputs);
            } catch (ShapeException e) {
                throw new ShapeException(this, inputs, e.getMessage());
            }
        }

        @Override
        public Tensor[] decompose(Tensor[] inputs) {
            return right.decompose(inputs);
        }

        @Override
        public Tensor[] vjp(Node node, Tensor[] cotangents) {
            return reverse.of(node, cotangents);
        }

        @Override
        public Tensor[] jvp(Node node, Tensor[] tangents) {
            return forward.of(node, tangents);
        }
    }

    /** Cross-entropy whose tangent adds what it should subtract. */
    private record SignError() implements FusedOp {
        private static final ExampleLoss RIGHT = new ExampleLoss(new CrossEntropy());

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            return RIGHT.infer(inputs);
        }

        @Override
        public Tensor[] decompose(Tensor[] inputs) {
            return RIGHT.decompose(inputs);
        }

        @Override
        public Tensor[] jvp(Node node, Tensor[] tangents) {
            Tensor exponentials = exp(node.input(0));
            Tensor column = Reshape.reshape(
                    sum(exponentials, 1), Shape.of(node.type(0).shape().dim(0), 1));
            Tensor mean = sum(exponentials.dividedBy(column).times(tangents[0]), 1);
            return new Tensor[] {mean.plus(pick(tangents[0], node.input(1)))};
        }
    }

    /** Batch norm whose tangent forgets that the deviation moves. */
    private record NoVarianceTerm() implements FusedOp {
        private static final BatchNorm RIGHT = new BatchNorm(1e-5, false, false);

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            return RIGHT.infer(inputs);
        }

        @Override
        public Tensor[] decompose(Tensor[] inputs) {
            return RIGHT.decompose(inputs);
        }

        @Override
        public Tensor[] jvp(Node node, Tensor[] tangents) {
            Tensor[] t = new Tensor[3];
            for (int i = 0; i < 3; i++) {
                t[i] = tangents[i] == null ? Fill.fill(0, node.input(i).type()) : tangents[i];
            }
            double share = 1.0 / node.input(0).shape().dim(0);
            Tensor centred = node.input(0).minus(node.output(1));
            Tensor deviation = sqrt(node.output(2).plus(1e-5));
            Tensor tMean = sum(t[0], 0).times(share);
            Tensor tVariance = sum(centred.times(t[0]), 0).times(2 * share);
            Tensor ty = t[0].minus(tMean)
                    .times(node.input(1))
                    .dividedBy(deviation)
                    .plus(centred.dividedBy(deviation).times(t[1]))
                    .plus(t[2]);
            return new Tensor[] {ty, tMean, tVariance};
        }
    }

    /** Convolution whose filter gradient is taken with stride and padding exchanged. */
    private record SwappedStride() implements Bilinear {
        private static final Conv2d RIGHT = new Conv2d(2, 1);

        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            return RIGHT.infer(inputs);
        }

        @Override
        public void reference(Node node, double[][] inputs, double[][] outputs) {
            RIGHT.reference(node, inputs, outputs);
        }

        @Override
        public Tensor[] vjp(Node node, Tensor[] cotangents) {
            // At padding 2 and stride 1 the first places of a larger result are those of the cotangent.
            Tensor x = node.input(0);
            Tensor larger =
                    new Pad(List.of(0, 0, 0, 0), List.of(1, 1, 1, 1), Shape.of(2, 7, 7, 4)).apply(cotangents[0]);
            return new Tensor[] {
                new Conv2dGradInput(2, 1, 5, 5).apply(cotangents[0], node.input(1)),
                new Conv2dGradFilter(1, 2, 3, 3).apply(x, larger)
            };
        }
    }

    /** A product whose second cotangent is said to be zero. */
    private record ForgottenCotangent() implements BinaryElementwise, Bilinear {
        @Override
        public double of(double a, double b) {
            return a * b;
        }

        @Override
        public Tensor[] vjp(Node node, Tensor[] cotangents) {
            return new Tensor[] {cotangents[0].times(node.input(1)), null};
        }
    }

    /** A square whose rules are right in value but hide their dependence on x. */
    private record ConstantRule() implements UnaryElementwise {
        @Override
        public double of(double x) {
            return x * x;
        }

        @Override
        public Tensor[] vjp(Node node, Tensor[] cotangents) {
            return new Tensor[] {cotangents[0].times(slope(node))};
        }

        @Override
        public Tensor[] jvp(Node node, Tensor[] tangents) {
            return new Tensor[] {tangents[0].times(slope(node))};
        }

        private static Tensor slope(Node node) {
            return stopGradient(node.input(0)).times(2);
        }
    }

    /** Decomposes into an exponential, but differentiates as a square root. */
    private record OtherRule() implements FusedOp {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            return new Exp().infer(inputs);
        }

        @Override
        public Tensor[] decompose(Tensor[] inputs) {
            return new Tensor[] {exp(inputs[0])};
        }

        @Override
        public Tensor[] jvp(Node node, Tensor[] tangents) {
            return new Tensor[] {tangents[0].dividedBy(sqrt(node.input(0)))};
        }
    }

    /** Negation in place. */
    private record Overwrites() implements UnaryElementwise {
        @Override
        public double of(double x) {
            return -x;
        }

        @Override
        public void reference(Node node, double[][] inputs, double[][] outputs) {
            for (int i = 0; i < inputs[0].length; i++) {
                inputs[0][i] = -inputs[0][i];
            }
            outputs[0] = inputs[0];
        }

        @Override
        public Tensor[] vjp(Node node, Tensor[] cotangents) {
            return new Tensor[] {cotangents[0].negate()};
        }

        @Override
        public Tensor[] jvp(Node node, Tensor[] tangents) {
            return new Tensor[] {tangents[0].negate()};
        }
    }

    /** Has a rule that divides zero by zero. */
    private record NotANumber() implements UnaryElementwise {
        @Override
        public double of(double x) {
            return x;
        }

        @Override
        public Tensor[] vjp(Node node, Tensor[] cotangents) {
            return new Tensor[] {cotangents[0].times(0).dividedBy(node.input(0).times(0))};
        }

        @Override
        public Tensor[] jvp(Node node, Tensor[] tangents) {
            return vjp(node, tangents);
        }
    }

    /** Checks nothing. */
    private record Careless() implements Bilinear {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            return List.of(TensorType.f32(7));
        }

        @Override
        public void reference(Node node, double[][] inputs, double[][] outputs) {
            new Multiply().reference(node, inputs, outputs);
        }

        @Override
        public Tensor[] vjp(Node node, Tensor[] cotangents) {
            return new Tensor[] {cotangents[0].times(node.input(1)), cotangents[0].times(node.input(0))};
        }
    }

    /** Refuses without saying what. */
    private record Wordless() implements UnaryElementwise {
        @Override
        public List<TensorType> infer(List<TensorType> inputs) {
            if (inputs.size() != 1 || !inputs.get(0).dtype().isFloating()) {
                throw new ShapeException(this, List.of(), "bad input");
            }
            return inputs;
        }

        @Override
        public double of(double x) {
            return -x;
        }

        @Override
        public Tensor[] vjp(Node node, Tensor[] cotangents) {
            return new Tensor[] {cotangents[0].negate()};
        }

        @Override
        public Tensor[] jvp(Node node, Tensor[] tangents) {
            return new Tensor[] {tangents[0].negate()};
        }
    }
}
