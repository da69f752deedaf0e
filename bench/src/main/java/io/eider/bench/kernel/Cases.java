package io.eider.bench.kernel;

import io.eider.experiments.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The named cases, {@code cases.txt}. */
final class Cases {
    private static final List<KernelCase> ALL = read();

    private Cases() {}

    /** Returns all, in the order of the file. */
    static List<KernelCase> all() {
        return ALL;
    }

    private static List<KernelCase> read() {
        Map<String, KernelCase> cases = new LinkedHashMap<>();
        for (String line : lines()) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] parts = line.split("[*]?:\\s", 2);
                add(cases, KernelCase.parse(parts[0], parts[1]));
                if (line.startsWith("*", parts[0].length())) {
                    add(cases, cases.get(parts[0]).inBFloats());
                }
            }
        }
        return List.copyOf(cases.values());
    }

    private static void add(Map<String, KernelCase> cases, KernelCase one) {
        if (cases.put(one.name(), one) != null) {
            throw new IllegalStateException("cases.txt has two cases " + one.name());
        }
    }

    /**
     * Returns the cases whose names begin with one of the prefixes; all if there is none.
     *
     * @throws UserError if no name begins with some prefix
     */
    static List<KernelCase> beginningWith(List<String> prefixes) {
        List<KernelCase> all = all();
        for (String prefix : prefixes) {
            if (all.stream().noneMatch(one -> one.name().startsWith(prefix))) {
                throw new UserError("no case begins with '" + prefix + "'; there are "
                        + String.join(
                                ", ",
                                all.stream()
                                        .map(one -> group(one.name()))
                                        .distinct()
                                        .toList())
                        + " (see `list`), and `op` takes any op at any shape");
            }
        }
        return all.stream()
                .filter(one -> prefixes.isEmpty() || prefixes.stream().anyMatch(one.name()::startsWith))
                .toList();
    }

    /** Returns the case of this name, or that this text describes. */
    static KernelCase of(String nameOrText) {
        return all().stream()
                .filter(one -> one.name().equals(nameOrText))
                .findFirst()
                .orElseGet(() -> KernelCase.parse(null, nameOrText));
    }

    private static String group(String name) {
        return name.substring(0, name.indexOf('/') + 1);
    }

    private static List<String> lines() {
        try (InputStream in = Cases.class.getResourceAsStream("cases.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
