package io.eider.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.eider.natives.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;

/** Two OpenMP runtimes in one process would each keep a thread per core. */
class OneOpenMpTest {

    @Test
    void oneDnnFirstThenOurKernelsMapsOneRuntime() throws IOException {
        Loader.load(org.bytedeco.dnnl.global.dnnl.class);
        assertThat(NativeLibrary.load()).isInstanceOf(NativeLibrary.Loaded.class);

        assertThat(mapped("libgomp")).hasSize(1);
    }

    private static Set<String> mapped(String library) throws IOException {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(line -> line.contains(library))
                    .map(line -> line.substring(line.indexOf('/')))
                    .collect(Collectors.toSet());
        }
    }
}
