package io.eider.engine.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.engine.autodiff.Autodiff;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.fused.CrossEntropy;
import io.eider.engine.op.primitive.Conv2d;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.op.primitive.Max;
import io.eider.engine.op.primitive.Pick;
import io.eider.engine.op.primitive.Relu;
import io.eider.engine.op.primitive.Sum;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What ops say they do at kinks, ties, empty axes, huge numbers and bad labels. */
class EdgesTest {
    private final Tensor x = Input.input("x", TensorType.f32(3));

    @Test
    void theSlopeOfReluAtItsKinkIsZero() {
        assertThat(gradient(Relu.relu(x), -1, 0, 2)).containsExactly(0, 0, 1);
    }

    @Test
    void tiedMaximaShareTheDerivative() {
        assertThat(gradient(Max.max(x, 0), 5, 1, 5)).containsExactly(0.5, 0, 0.5);
    }

    @Test
    void sumsOverNothingAreZeroAndMaximaAreMinusInfinity() {
        Tensor empty = Input.input("empty", TensorType.f32(2, 0));
        Evaluator evaluator = new Evaluator(Map.of(empty, new double[0]));
        assertThat(evaluator.value(Sum.sum(empty, 1))).containsExactly(0, 0);
        assertThat(evaluator.value(Max.max(empty, 1)))
                .containsExactly(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY);
    }

    @Test
    void anEmptyBatchHasNoResults() {
        Tensor images = Input.input("images", TensorType.f32(0, 5, 5, 3));
        Tensor filters = Input.input("filters", TensorType.f32(4, 3, 3, 3));
        Evaluator evaluator = new Evaluator(Map.of(images, new double[0], filters, new double[4 * 27]));
        assertThat(evaluator.value(Conv2d.conv2d(images, filters, 1, 1))).isEmpty();
    }

    @Test
    void crossEntropyOfHugeLogitsIsFinite() {
        Tensor logits = Input.input("logits", TensorType.f32(2, 2));
        Tensor labels = Input.input("labels", TensorType.i32(2));
        Tensor losses = CrossEntropy.crossEntropy(logits, labels);
        Evaluator evaluator =
                new Evaluator(Map.of(logits, new double[] {1e30, -1e30, 1e4, 0}, labels, new double[] {0, 1}));
        assertThat(evaluator.value(losses)).containsExactly(0, 1e4);
    }

    @Test
    void aLabelOutsideTheClassesNamesTheExample() {
        Tensor logits = Input.input("logits", TensorType.f32(3, 2));
        Tensor labels = Input.input("labels", TensorType.i32(3));
        Evaluator evaluator = new Evaluator(Map.of(logits, new double[6], labels, new double[] {0, 1, 2}));
        assertThatThrownBy(() -> evaluator.value(Pick.pick(logits, labels)))
                .isInstanceOf(InvalidExampleException.class)
                .hasMessageContaining("example 2")
                .hasMessageContaining("label 2")
                .extracting(e -> ((InvalidExampleException) e).example())
                .isEqualTo(2L);
    }

    private double[] gradient(Tensor y, double... at) {
        Tensor gradient = Autodiff.gradients(Sum.sum(y), List.of(x)).get(0);
        return new Evaluator(Map.of(x, at)).value(gradient);
    }
}
