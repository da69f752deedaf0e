package io.eider.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.eider.engine.op.Snippets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The guide shows code of this module, byte for byte, so it compiles and passes its tests. */
class GuideTest {
    @Test
    void everyBlockOfTheGuideIsCodeOfThisModule() throws IOException {
        List<String> blocks = Snippets.blocks(Path.of("..", "ADDING_AN_OP.md"));
        assertThat(blocks)
                .as("the op, its row, its kernel, the kernel's provider")
                .hasSize(4);
        String sources = sources();
        assertThat(blocks).allSatisfy(block -> {
            assertThat(block.lines().count()).as("lines of a block").isGreaterThan(2);
            assertThat(sources).contains("\n" + block);
        });
    }

    private static String sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            StringBuilder all = new StringBuilder();
            files.filter(file -> file.toString().endsWith(".java")).sorted().forEach(file -> all.append(read(file)));
            return all.toString();
        }
    }

    private static String read(Path file) {
        try {
            return "\n" + Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
