package io.eider.bench.kernel;

import io.eider.engine.io.AtomicFile;
import io.eider.experiments.UserError;
import io.eider.experiments.train.Json;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What one command measured, and on what.
 *
 * @param date day it was measured, UTC
 * @param note what the user says of it
 * @param device backend, instruction set, libraries, versions
 * @param machine processor and system
 * @param otherProcessesPercent part of all cores that other processes took meanwhile; null if unknown
 * @param timing threads, forks, iterations
 * @param jvmFlags of the command, which forks inherit
 * @param environment variables that libraries read
 * @param cases results, in the order timed
 * @param refused names of cases whose result was wrong, and why
 */
record ResultFile(
        String date,
        String note,
        String device,
        Host machine,
        Double otherProcessesPercent,
        Timing timing,
        List<String> jvmFlags,
        Map<String, String> environment,
        List<Result> cases,
        Map<String, String> refused) {
    private static final Pattern READ_BY_LIBRARIES = Pattern.compile("(OMP|GOMP|ONEDNN|DNNL|EIDER)_.*");

    /** Returns the file of what was measured here and today. */
    static ResultFile of(
            String note,
            String device,
            Timing timing,
            Double otherProcessesPercent,
            List<Result> cases,
            Map<String, String> refused) {
        Map<String, String> environment = new TreeMap<>(System.getenv());
        environment.keySet().removeIf(key -> !READ_BY_LIBRARIES.matcher(key).matches());
        return new ResultFile(
                LocalDate.now(ZoneOffset.UTC).toString(),
                note,
                device,
                Host.here(),
                otherProcessesPercent,
                timing,
                ManagementFactory.getRuntimeMXBean().getInputArguments(),
                environment,
                cases,
                refused);
    }

    /**
     * Reads a file.
     *
     * @throws UserError if it is none
     */
    static ResultFile read(Path file) throws IOException {
        return Json.read(Json.parse(Files.readString(file), file.toString()), ResultFile.class, file.toString());
    }

    /** Writes the file; its name only ever shows complete contents. */
    void write(Path file) throws IOException {
        byte[] text = (Json.text(this) + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> out.write(text));
    }

    /** Returns a name in a folder that no file has, by date and processor. */
    static Path freshName(Path folder, String date, String processor) {
        String name = date + "-"
                + processor
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("\\((r|tm)\\)", "")
                        .replaceAll("[^a-z0-9]+", "-")
                        .replaceAll("^-|-$", "");
        Path file = folder.resolve(name + ".json");
        for (int i = 2; Files.exists(file); i++) {
            file = folder.resolve(name + "-" + i + ".json");
        }
        return file;
    }

    /** Returns the results by name. */
    Map<String, Result> byName() {
        return cases.stream().collect(Collectors.toMap(Result::name, result -> result));
    }
}
