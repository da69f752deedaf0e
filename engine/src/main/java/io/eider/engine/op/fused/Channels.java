package io.eider.engine.op.fused;

import io.eider.engine.graph.Op;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.primitive.Cast;
import java.util.Arrays;
import java.util.List;

/**
 * What ops on x (…, C) share that have further inputs of x's type and of one number a channel. Where x is bf16 those of
 * a channel are f32, as is everything between reading x and writing a result of its type.
 */
final class Channels {
    private Channels() {}

    /**
     * Checks the inputs and returns the type (C).
     *
     * @param pattern one letter an input, the first of which is x: {@code x} for x's type, {@code c} for (C)
     * @param names the inputs in words
     */
    static TensorType check(Op op, List<TensorType> inputs, String pattern, String names) {
        boolean fits = inputs.size() == pattern.length()
                && inputs.get(0).shape().rank() >= 1
                && inputs.get(0).dtype().isFloating();
        if (!fits) {
            throw new ShapeException(op, inputs, "it takes floating tensors " + names);
        }
        TensorType x = inputs.get(0);
        TensorType channels =
                new TensorType(x.dtype().ofSums(), Shape.of(x.shape().dim(-1)));
        for (int i = 0; i < pattern.length(); i++) {
            TensorType wanted = pattern.charAt(i) == 'x' ? x : channels;
            if (!inputs.get(i).equals(wanted)) {
                throw new ShapeException(op, inputs, "it takes " + names + "; input " + i + " must be " + wanted);
            }
        }
        return channels;
    }

    /** Returns the inputs in the type that they are computed in. */
    static Tensor[] widened(Tensor[] inputs) {
        return Arrays.stream(inputs)
                .map(input -> Cast.cast(input, input.dtype().ofSums()))
                .toArray(Tensor[]::new);
    }
}
