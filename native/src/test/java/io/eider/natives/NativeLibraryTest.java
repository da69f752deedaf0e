package io.eider.natives;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class NativeLibraryTest {

    @Test
    void saysWhatItLoaded() {
        NativeLibrary.Loaded loaded = NativeLibrary.load().orThrow();

        assertThat(loaded.file()).isRegularFile();
        assertThat(loaded.buildInfo()).isNotBlank();
    }

    @Test
    void bindsTheAbi() {
        Pointer memory = Kernels.eider_allocate(100);

        assertThat(memory.address() % 64).isZero();
        Kernels.eider_free(memory);
    }
}
