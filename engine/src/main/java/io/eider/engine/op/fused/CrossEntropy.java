package io.eider.engine.op.fused;

import static io.eider.engine.op.primitive.Exp.exp;
import static io.eider.engine.op.primitive.Log.log;
import static io.eider.engine.op.primitive.Pick.pick;
import static io.eider.engine.op.primitive.Sum.sum;

import io.eider.engine.graph.Tensor;

/**
 * Softmax cross-entropy: l_i = logsumexp(z_i) − z_i[y_i], ∂l_i/∂z_i = softmax(z_i) − onehot(y_i). Shifted by the largest
 * logit, so that any finite logits give a finite loss.
 */
public record CrossEntropy() implements LossFunction {
    /** Returns the cross-entropy of each example: (n, C) logits and (n) labels to (n) losses. */
    public static Tensor crossEntropy(Tensor logits, Tensor labels) {
        return new ExampleLoss(new CrossEntropy()).apply(logits, labels);
    }

    @Override
    public String name() {
        return "crossEntropy";
    }

    @Override
    public Tensor decompose(Tensor[] inputs) {
        Tensor shifted = Logits.shifted(inputs[0]);
        return log(sum(exp(shifted), 1)).minus(pick(shifted, inputs[1]));
    }

    @Override
    public Tensor slopes(Tensor[] inputs) {
        Tensor exponentials = exp(Logits.shifted(inputs[0]));
        Tensor probabilities = exponentials.dividedBy(Logits.column(sum(exponentials, 1)));
        return probabilities.minus(Logits.oneHot(inputs[0], inputs[1]));
    }
}
