package io.eider.engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.eider.engine.autodiff.Autodiff;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.OpCase.Kind;
import io.eider.engine.op.primitive.Fill;
import io.eider.engine.op.primitive.Sum;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What holds of an op's derivative rules, in 64 bits, by {@link Evaluator}. */
final class DerivativeCheck {
    /** Near the cube root of the distance between numbers, where rounding and curvature cost a difference the same. */
    private static final double STEP = 1e-5;

    /** Curvature costs f‴·STEP²/6 and rounding EPS64/STEP: both below 1e-9 unless third derivatives reach 100. */
    private static final double DIFFERENCE = 1e-7;

    private DerivativeCheck() {}

    /** The tangent rule gives what a central difference gives, for each input alone and for all. */
    static void jvpIsDifference(OpCase row) {
        Sample sample = new Sample(row);
        for (Tensor[] direction : sample.tangentChoices()) {
            Tensor[] rule = Autodiff.jvp(sample.outputs, sample.inputs, direction);
            if (row.kind() == Kind.STOPPED) {
                assertNull(rule[0], "the derivative is zero by definition");
                continue;
            }
            double[][] difference = difference(sample, direction, sample.outputs);
            for (int k = 0; k < rule.length; k++) {
                double[] actual = sample.here().valueOrZeros(rule[k], sample.outputs[k].type());
                Close.check("jvp" + moving(direction) + ", output " + k, difference[k], actual, DIFFERENCE);
            }
        }
    }

    /** ⟨g, jvp(t)⟩ = ⟨vjp(g), t⟩ for every choice of outputs and inputs: no step size is involved. */
    static void vjpIsAdjointOfJvp(OpCase row) {
        Sample sample = new Sample(row);
        Evaluator here = sample.here();
        for (Tensor[] g : sample.cotangentChoices()) {
            Tensor[] vjp = Autodiff.vjp(sample.outputs, g, sample.inputs);
            for (Tensor[] t : sample.tangentChoices()) {
                Tensor[] jvp = Autodiff.jvp(sample.outputs, sample.inputs, t);
                double[] left = inner(here, g, jvp);
                double[] right = inner(here, vjp, t);
                double scale = Math.max(1, Math.max(left[1], right[1]));
                assertEquals(
                        left[0],
                        right[0],
                        Close.exact(row) * scale,
                        () -> "⟨g" + moving(g) + ", jvp⟩ = ⟨vjp, t" + moving(t) + "⟩");
            }
        }
    }

    /** The rules that a fused op writes are those that follow from its decomposition. */
    static void rulesFollowFromDecomposition(OpCase row) {
        Sample sample = new Sample(row);
        Evaluator here = sample.here();
        Tensor[] parts = ((FusedOp) row.op()).decompose(sample.inputs);
        for (Tensor[] t : sample.tangentChoices()) {
            Tensor[] derived = Autodiff.jvp(parts, sample.inputs, t);
            Tensor[] rule = Autodiff.jvp(sample.outputs, sample.inputs, t);
            compare(sample, here, "jvp" + moving(t) + ", output ", sample.outputs, derived, rule);
        }
        for (Tensor[] g : sample.cotangentChoices()) {
            Tensor[] derived = Autodiff.vjp(parts, g, sample.inputs);
            Tensor[] rule = Autodiff.vjp(sample.outputs, g, sample.inputs);
            compare(sample, here, "vjp" + moving(g) + ", input ", sample.inputs, derived, rule);
        }
    }

    /**
     * The second derivative of ⟨g, y(x)⟩ along t is one vector, however it is had: forward over reverse, reverse over
     * reverse, reverse over forward, or the difference of two gradients.
     */
    static void secondOrder(OpCase row) {
        Sample sample = new Sample(row);
        Evaluator here = sample.here();
        Tensor[] x = sample.inputs;
        Tensor[] t = sample.tangents;
        Tensor[] gradient = Autodiff.vjp(sample.outputs, sample.cotangents, x);
        Tensor[] tangent = Autodiff.jvp(sample.outputs, x, t);

        Tensor[] zeros = new Tensor[x.length];
        Tensor[] present = Arrays.stream(gradient).filter(g -> g != null).toArray(Tensor[]::new);
        Tensor[] forwardOfPresent = Autodiff.jvp(present, x, t);
        Tensor[] forwardOverReverse = zeros.clone();
        for (int k = 0, at = 0; k < x.length; k++) {
            forwardOverReverse[k] = gradient[k] == null ? null : forwardOfPresent[at++];
        }
        Tensor[] reverseOverReverse = gradientOf(innerProduct(gradient, t), x, zeros);
        Tensor[] reverseOverForward = gradientOf(innerProduct(sample.cotangents, tangent), x, zeros);

        compare(sample, here, "reverse over reverse, input ", x, forwardOverReverse, reverseOverReverse);
        compare(sample, here, "reverse over forward, input ", x, forwardOverReverse, reverseOverForward);
        for (int k : sample.floating()) {
            double[] expected =
                    gradient[k] == null ? new double[(int) x[k].shape().size()] : difference(sample, t, gradient[k])[0];
            double[] actual = here.valueOrZeros(forwardOverReverse[k], x[k].type());
            Close.check("forward over reverse, input " + k, expected, actual, DIFFERENCE);
        }
    }

    private static Tensor[] gradientOf(Tensor scalar, Tensor[] x, Tensor[] zeros) {
        return scalar == null
                ? zeros
                : Autodiff.vjp(new Tensor[] {scalar}, new Tensor[] {Fill.fill(1, scalar.type())}, x);
    }

    private static void compare(
            Sample sample, Evaluator here, String what, Tensor[] primals, Tensor[] expected, Tensor[] actual) {
        for (int k = 0; k < primals.length; k++) {
            if (primals[k].dtype().isFloating()) {
                double[] wanted = here.valueOrZeros(expected[k], primals[k].type());
                Close.exact(sample.row, what + k, wanted, here.valueOrZeros(actual[k], primals[k].type()));
            }
        }
    }

    private static double[][] difference(Sample sample, Tensor[] direction, Tensor... of) {
        Evaluator ahead = sample.at(STEP, direction);
        Evaluator behind = sample.at(-STEP, direction);
        double[][] result = new double[of.length][];
        for (int k = 0; k < of.length; k++) {
            double[] high = ahead.value(of[k]);
            double[] low = behind.value(of[k]);
            result[k] = new double[high.length];
            for (int i = 0; i < high.length; i++) {
                result[k][i] = (high[i] - low[i]) / (2 * STEP);
            }
        }
        return result;
    }

    /** Σ over tensors and elements, and the same sum of magnitudes. */
    private static double[] inner(Evaluator here, Tensor[] left, Tensor[] right) {
        double[] sums = new double[2];
        for (int k = 0; k < left.length; k++) {
            if (left[k] != null && right[k] != null) {
                double[] a = here.value(left[k]);
                double[] b = here.value(right[k]);
                for (int i = 0; i < a.length; i++) {
                    sums[0] += a[i] * b[i];
                    sums[1] += Math.abs(a[i] * b[i]);
                }
            }
        }
        return sums;
    }

    private static Tensor innerProduct(Tensor[] left, Tensor[] right) {
        Tensor sum = null;
        for (int k = 0; k < left.length; k++) {
            if (left[k] != null && right[k] != null) {
                Tensor term = Sum.sum(left[k].times(right[k]));
                sum = sum == null ? term : sum.plus(term);
            }
        }
        return sum;
    }

    private static List<Integer> moving(Tensor[] directions) {
        return IntStream.range(0, directions.length)
                .filter(i -> directions[i] != null)
                .boxed()
                .toList();
    }
}
