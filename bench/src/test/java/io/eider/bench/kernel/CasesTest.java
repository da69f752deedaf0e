package io.eider.bench.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.engine.graph.DType;
import io.eider.engine.op.primitive.Cast;
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
    void aStarAddsWhatMixedPrecisionMakesOfACase() {
        assertThat(Cases.of("batchNormGradient/8x8x64-bf16").text())
                .isEqualTo("batchNormGradient epsilon=1e-5 relu=true of 100x8x8x64:bf16 64 64 64:positive"
                        + " 100x8x8x64:bf16 100x8x8x64:bf16");
        assertThat(Cases.of("pickInWindow/112x112x64-bf16").text())
                .endsWith(" of 32x112x112x64:bf16 32x56x56x64:bytes");
    }

    @Test
    void everyKernelThatTakesBFloatsHasACaseOfThem() {
        try (Device device = Devices.open("cpu", 1)) {
            for (KernelCase one : Cases.all()) {
                if (isOfImages(one) && !(one.op() instanceof Cast) && takesBFloats(device, one)) {
                    assertThat(Cases.of(one.name() + "-bf16").isOfBFloats()).isTrue();
                }
            }
        }
    }

    private static boolean isOfImages(KernelCase one) {
        return !one.operands().isEmpty()
                && one.operands().get(0).type().dtype() == DType.F32
                && one.operands().get(0).type().shape().rank() == 4;
    }

    private static boolean takesBFloats(Device device, KernelCase one) {
        try {
            return device.supports(one.inBFloats().node());
        } catch (UserError notAnOpOnThem) {
            return false;
        }
    }

    @Test
    void casesAreChosenByPrefix() {
        assertThat(Cases.beginningWith(List.of("conv2d/8", "sum/")))
                .extracting(KernelCase::name)
                .containsExactly("conv2d/8x8x64", "conv2d/8x8x64-bf16", "sum/pool", "sum/pool-bf16", "sum/bias");
        assertThat(Cases.beginningWith(List.of())).isEqualTo(Cases.all());
        assertThatThrownBy(() -> Cases.beginningWith(List.of("conv2d/", "softmax")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no case begins with 'softmax'; there are conv2d/, conv2dGradFilter/,");
    }
}
