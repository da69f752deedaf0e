package io.eider.engine.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.engine.backend.Devices;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real bindings on a machine without a GPU. */
class CudaUnavailableTest {
    @BeforeEach
    void onAMachineWithoutADriver() {
        Assumptions.assumeFalse(
                Files.exists(Path.of("/proc/driver/nvidia/version")), "there is an NVIDIA driver on this machine");
    }

    @Test
    void whoAsksForCudaIsToldWhyThereIsNoneEachTime() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> Devices.open("cuda", 1))
                    .isInstanceOf(DeviceUnavailableException.class)
                    .hasMessageContaining("libcuda.so.1")
                    .hasMessageContaining("use the device cpu")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void whoLeavesTheChoiceGetsTheCpu() {
        try (Device device = Devices.open("auto", 1)) {
            assertThat(device.description()).startsWith("cpu");
        }
    }
}
