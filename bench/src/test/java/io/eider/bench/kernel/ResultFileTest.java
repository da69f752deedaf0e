package io.eider.bench.kernel;

import static io.eider.bench.kernel.ComparisonTest.file;
import static io.eider.bench.kernel.ResultTest.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.experiments.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFileTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        ResultFile written = file(result("a", 1.5, 2.5), result("b", 3.0));
        Path path = folder.resolve("deeper/file.json");
        written.write(path);
        assertThat(ResultFile.read(path)).isEqualTo(written);
        assertThat(Files.readString(path)).contains("\"percent-of-gemm\" : ", "\"median-micros\" : 2.0");
        try (var files = Files.list(path.getParent())) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void aSystemThatDoesNotTellOfOthersIsRead() throws IOException {
        ResultFile written =
                ResultFile.of("", "device", new Timing(1, 0, 1, 1, 1), null, List.of(result("a", 1.0)), Map.of());
        written.write(folder.resolve("file.json"));
        assertThat(ResultFile.read(folder.resolve("file.json"))).isEqualTo(written);
    }

    @Test
    void anotherFileIsRefused() throws IOException {
        Path path = folder.resolve("file.json");
        Files.writeString(path, "{\"date\": 1");
        assertThatThrownBy(() -> ResultFile.read(path))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("is damaged");
        Files.writeString(path, "{\"date\": \"2026-01-02\"}");
        assertThatThrownBy(() -> ResultFile.read(path))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(path.toString());
    }

    @Test
    void namesAreByDateAndProcessorAndNeverTaken() throws IOException {
        String processor = "Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz";
        Path first = ResultFile.freshName(folder, "2026-01-02", processor);
        assertThat(first).hasFileName("2026-01-02-intel-xeon-platinum-8481c-cpu-2-70ghz.json");
        Files.writeString(first, "");
        assertThat(ResultFile.freshName(folder, "2026-01-02", processor))
                .hasFileName("2026-01-02-intel-xeon-platinum-8481c-cpu-2-70ghz-2.json");
    }
}
