package io.eider.bench.kernel;

import io.eider.experiments.train.Machine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The machine a file's times are of, as Linux tells it.
 *
 * @param processor name
 * @param model family, model and stepping, since the name does not always say which processor it is
 * @param cache size of the last level
 * @param cores seen by Java
 * @param os name, version and architecture
 * @param java version and vendor
 */
record Host(String processor, String model, String cache, int cores, String os, String java) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /** Returns this one. */
    static Host here() {
        List<String> lines = lines();
        return new Host(
                Machine.processor(),
                "family " + value(lines, "cpu family") + " model " + value(lines, "model") + " stepping "
                        + value(lines, "stepping"),
                value(lines, "cache size"),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                Machine.java());
    }

    private static String value(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.matches(key + "\\s*:.*"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(CPU_INFO, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }
}
