package io.eider.experiments.train;

import io.eider.engine.graph.DType;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.primitive.Cast;
import io.eider.engine.op.primitive.Equal;
import io.eider.engine.op.primitive.Sum;
import io.eider.models.nn.Params;
import java.util.List;

/**
 * What rounding leaves of a look-ahead. θ̃ = θ − η g is computed in f32, but convolutions read filters in bf16, where
 * neighbours are 2⁻⁸ to 2⁻⁷ of a number apart: a filter weight that moves by less mostly comes back to itself.
 */
final class RoundedLookAhead {
    private static final int FILTER_RANK = 4;

    private RoundedLookAhead() {}

    /** Returns the share of filter weights that are other numbers of bf16 at θ̃ than at θ; a scalar in 0…1. */
    static Tensor moved(Params theta, Params ahead) {
        List<String> filters = theta.names().stream()
                .filter(name -> theta.get(name).shape().rank() == FILTER_RANK)
                .toList();
        long weights = filters.stream()
                .mapToLong(name -> theta.get(name).shape().size())
                .sum();
        Tensor kept = filters.stream()
                .map(name -> Sum.sum(new Equal().apply(rounded(theta.get(name)), rounded(ahead.get(name)))))
                .reduce(Tensor::plus)
                .orElseThrow();
        return kept.times(-1.0 / weights).plus(1);
    }

    private static Tensor rounded(Tensor filter) {
        return Cast.cast(new Cast(DType.BF16).apply(filter), DType.F32);
    }
}
