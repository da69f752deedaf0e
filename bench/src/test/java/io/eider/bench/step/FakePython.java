package io.eider.bench.step;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An interpreter in a folder whose PyTorch rows say what a test lets them say. */
final class FakePython {
    private static final String SCRIPT = "fake_python.sh";

    private final Path folder;

    FakePython(Path folder) throws IOException {
        this.folder = folder;
        try (InputStream script = FakePython.class.getResourceAsStream("/peers/" + SCRIPT)) {
            Files.copy(script, path());
        }
        if (!path().toFile().setExecutable(true)) {
            throw new IOException(path() + " cannot be made executable");
        }
    }

    Path path() {
        return folder.resolve(SCRIPT);
    }

    /** Lets a row begin with a line and lose these losses, step by step. */
    FakePython row(String name, String greeting, String... losses) throws IOException {
        Files.writeString(folder.resolve(name + ".greeting"), greeting + "\n");
        Files.write(folder.resolve(name + ".losses"), List.of(losses));
        return this;
    }

    /** The processes that have run as this row, in order. */
    List<Long> processIds(String name) throws IOException {
        Path file = folder.resolve(name + ".pid");
        return Files.exists(file)
                ? Files.readAllLines(file).stream().map(Long::valueOf).toList()
                : List.of();
    }
}
