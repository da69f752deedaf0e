package io.eider.bench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.experiments.UserError;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CasesTest {
    @Test
    void everyKernelHasACase() {
        Set<Class<?>> kernels = new HashSet<>(Attributes.ops().values());
        kernels.remove(Planted.class);
        Cases.all().forEach(one -> kernels.remove(one.op().getClass()));
        assertThat(kernels).as("kernels without a line in cases.txt").isEmpty();
    }

    @Test
    void everyCaseCanBeCheckedAndIsFoundByNameAndByText() {
        for (KernelCase one : Cases.all()) {
            assertThat(one.checkable().flops()).isLessThanOrEqualTo(500_000_000);
            assertThat(Cases.of(one.name())).isEqualTo(one);
            assertThat(Cases.of(one.text()).op()).isEqualTo(one.op());
        }
    }

    @Test
    void casesAreChosenByPrefix() {
        assertThat(Cases.beginningWith(List.of("conv2d/8", "sum/")))
                .extracting(KernelCase::name)
                .containsExactly("conv2d/8x8x64", "sum/pool", "sum/bias");
        assertThat(Cases.beginningWith(List.of())).isEqualTo(Cases.all());
        assertThatThrownBy(() -> Cases.beginningWith(List.of("conv2d/", "softmax")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no case begins with 'softmax'; there are conv2d/, conv2dGradFilter/,");
    }
}
