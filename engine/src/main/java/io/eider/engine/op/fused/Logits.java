package io.eider.engine.op.fused;

import static io.eider.engine.op.primitive.Exp.exp;
import static io.eider.engine.op.primitive.Log.log;
import static io.eider.engine.op.primitive.Max.max;
import static io.eider.engine.op.primitive.Place.place;
import static io.eider.engine.op.primitive.Relu.relu;
import static io.eider.engine.op.primitive.StopGradient.stopGradient;

import io.eider.engine.graph.DType;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.primitive.Fill;
import io.eider.engine.op.primitive.Reshape;
import java.util.Arrays;
import java.util.List;

/** What the losses share: the check of their inputs, and the pieces of their definitions. */
final class Logits {
    private Logits() {}

    /**
     * Checks logits (n, C), labels i32 (n), the loss's margins (n) if it has any, and what follows.
     *
     * @param pattern one letter an input that follows: {@code z} for the logits' type, {@code n} for (n), {@code 1} for a
     *     scalar
     * @param names what follows, in words, each after a comma
     * @return the type (n)
     */
    static TensorType check(Op op, LossFunction loss, List<TensorType> inputs, String pattern, String names) {
        String all = (loss.margins() ? "zln" : "zl") + pattern;
        String fix =
                "it takes floating logits (n, C), i32 labels (n)" + (loss.margins() ? ", margins (n)" : "") + names;
        if (inputs.size() != all.length()
                || inputs.get(0).shape().rank() != 2
                || !inputs.get(0).dtype().isFloating()) {
            throw new ShapeException(op, inputs, fix);
        }
        TensorType logits = inputs.get(0);
        TensorType examples = logits.withShape(Shape.of(logits.shape().dim(0)));
        for (int i = 0; i < all.length(); i++) {
            TensorType wanted = switch (all.charAt(i)) {
                case 'z' -> logits;
                case 'l' -> new TensorType(DType.I32, examples.shape());
                case 'n' -> examples;
                default -> logits.withShape(Shape.SCALAR);
            };
            if (!inputs.get(i).equals(wanted)) {
                throw new ShapeException(op, inputs, fix + "; input " + i + " must be " + wanted);
            }
        }
        return examples;
    }

    /** Returns the loss's own inputs, the first two or three of an op's. */
    static Tensor[] own(LossFunction loss, Tensor[] inputs) {
        return Arrays.copyOf(inputs, loss.margins() ? 3 : 2);
    }

    /** Returns z_i − max_j z_i[j]: what softmax does not tell from z. */
    static Tensor shifted(Tensor logits) {
        return logits.minus(column(stopGradient(max(logits, 1))));
    }

    /** Returns 1 at each example's label, 0 elsewhere (n, C). */
    static Tensor oneHot(Tensor logits, Tensor labels) {
        TensorType examples = logits.type().withShape(labels.shape());
        return place(Fill.fill(1, examples), labels, logits.shape().dim(1));
    }

    /** Returns a vector (n) as a matrix (n, 1). */
    static Tensor column(Tensor vector) {
        return Reshape.reshape(vector, Shape.of(vector.shape().dim(0), 1));
    }

    /**
     * Returns ln(1 + eˣ), shifted by m = max(x, 0) like any sum of exponentials: m + ln(eˣ⁻ᵐ + e⁻ᵐ). Unlike the form
     * m + ln(1 + e^−|x|) it has its derivatives at 0 too.
     */
    static Tensor softplus(Tensor x) {
        Tensor shift = stopGradient(relu(x));
        return shift.plus(log(exp(x.minus(shift)).plus(exp(shift.negate()))));
    }
}
