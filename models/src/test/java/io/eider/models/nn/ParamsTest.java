package io.eider.models.nn;

import static io.eider.engine.op.primitive.Sum.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.engine.graph.Tensor;
import io.eider.models.Reference;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParamsTest {
    private final Reference reference = new Reference();
    private final Params point = params(new double[] {1, 2}, new double[] {3});
    private final Params direction = params(new double[] {10, 20}, new double[] {30});

    @Test
    void arithmeticGoesNameByName() {
        check(point.plus(direction), new double[] {11, 22}, 33);
        check(point.minus(direction), new double[] {-9, -18}, -27);
        check(point.times(2), new double[] {2, 4}, 6);
        check(point.times(reference.tensor(new double[] {3})), new double[] {3, 6}, 9);
        check(point.map(Tensor::negate), new double[] {-1, -2}, -3);
        check(point.combine(direction, Tensor::times), new double[] {10, 40}, 90);
    }

    @Test
    void gradientsAreNamedLikeTheParameters() {
        Tensor loss = sum(point.get("weight").times(point.get("weight"))).times(point.get("bias"));
        check(Params.gradients(loss, point), new double[] {6, 12}, 5);
    }

    @Test
    void jvpIsTheDerivativeAlongTheDirection() {
        Tensor loss = sum(point.get("weight").times(point.get("weight"))).times(point.get("bias"));
        assertThat(reference.numbers(Params.jvp(loss, point, direction))).containsExactly(6 * 10 + 12 * 20 + 5 * 30);
    }

    @Test
    void aNameThatIsNotThereComesWithItsNeighbours() {
        assertThatThrownBy(() -> point.get("biass"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("biass")
                .hasMessageContaining("[bias");
    }

    @Test
    void setsWithOtherNamesDoNotMix() {
        Params other = Params.of(Map.of("weight", reference.tensor(new double[] {1, 2}, 2)));
        assertThatThrownBy(() -> point.plus(other)).hasMessageContaining("same names");
        assertThatThrownBy(() -> Params.jvp(point.get("bias"), point, other)).hasMessageContaining("same names");
    }

    @Test
    void aSetKeepsItsOwnCopy() {
        Map<String, Tensor> map = new LinkedHashMap<>(point.asMap());
        Params copy = Params.of(map);
        map.clear();
        assertThat(copy.names()).containsExactly("weight", "bias");
        assertThatThrownBy(() -> copy.asMap().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aStatisticKeepsItsType() {
        State state = State.of(point.asMap());
        assertThat(state.with("bias", direction.get("bias")).get("bias")).isEqualTo(direction.get("bias"));
        assertThat(state.get("bias")).isEqualTo(point.get("bias"));
        assertThatThrownBy(() -> state.with("bias", point.get("weight"))).hasMessageContaining("bias");
    }

    private Params params(double[] weight, double[] bias) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("weight", reference.tensor(weight, 2));
        tensors.put("bias", reference.tensor(bias));
        return Params.of(tensors);
    }

    private void check(Params params, double[] weight, double bias) {
        assertThat(params.names()).containsExactly("weight", "bias");
        assertThat(reference.numbers(params.get("weight"))).containsExactly(weight);
        assertThat(reference.numbers(params.get("bias"))).containsExactly(bias);
    }
}
