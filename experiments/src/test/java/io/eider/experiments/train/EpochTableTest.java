package io.eider.experiments.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.experiments.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochTableTest {
    @TempDir
    private Path folder;

    private Path file;
    private EpochTable table;

    @BeforeEach
    void begin() {
        file = folder.resolve("t.csv");
        table = new EpochTable(file, List.of("epoch", "loss"));
    }

    @Test
    void dropsTheRowsOfEpochsToComeAndALineCutShort() throws IOException {
        Files.writeString(file, "epoch,loss\n0,2.5\n1,2.0\n2,1.5\n1");
        table.keepBefore(2);
        table.append(List.of(List.of("2", "1.25")));
        assertThat(file).hasContent("epoch,loss\n0,2.5\n1,2.0\n2,1.25\n");
    }

    @Test
    void beginsWithAHeader() {
        table.keepBefore(0);
        assertThat(file).hasContent("epoch,loss\n");
    }

    @Test
    void refusesAFileThatIsNotItsOwn() throws IOException {
        Files.writeString(file, "epoch,loss\nhello,2.5\n");
        assertThatThrownBy(() -> table.keepBefore(1))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("'hello'");
    }
}
