package io.eider.bench.kernel;

import io.eider.experiments.UserError;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;

/** What `run` and `op` do: time cases, print the table, keep the file. */
final class Measurement {
    private Measurement() {}

    /**
     * Measures.
     *
     * @param out file, or folder of a file named by date and processor; {@code null} to keep nothing
     * @return exit code: 1 if some result was wrong
     */
    static int run(CommandLine command, List<KernelCase> cases, TimingOptions options, Path out) throws IOException {
        Timing timing = options.timing();
        // What cannot be checked is said before anything is timed.
        cases.forEach(KernelCase::checkable);
        Path file = out == null ? null : file(out);
        Neighbours neighbours = new Neighbours();
        List<Result> results = new ArrayList<>();
        Map<String, String> refused = new LinkedHashMap<>();
        try (Session session = new Session(timing)) {
            command.getOut().println(session.device());
            List<KernelCase> possible = cases.stream().filter(session::supports).toList();
            sayWithoutKernel(command.getOut(), cases, possible, session.device());
            for (KernelCase one : possible) {
                say(command.getErr(), results.size() + refused.size() + 1 + "/" + possible.size() + " " + one.name());
                try {
                    results.add(session.time(one));
                } catch (WrongResultException e) {
                    refused.put(one.name(), e.getMessage());
                }
                if (file != null) {
                    // After every case: an interrupted command keeps what it has.
                    ResultFile.of(options.note(), session.device(), timing, neighbours.percent(), results, refused)
                            .write(file);
                }
            }
        }
        print(command.getOut(), results, neighbours.percent());
        refused.forEach((name, why) -> say(command.getErr(), "not timed: " + name + ": " + why));
        if (file != null) {
            say(command.getOut(), "written to " + file);
        }
        return refused.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /**
     * Says which cases the device has no kernel for, such as convolutions of some shapes that add in bf16.
     *
     * @throws UserError if it has none for any
     */
    private static void sayWithoutKernel(
            PrintWriter out, List<KernelCase> cases, List<KernelCase> possible, String device) {
        String without = cases.stream()
                .filter(one -> !possible.contains(one))
                .map(KernelCase::name)
                .collect(Collectors.joining(", "));
        if (possible.isEmpty()) {
            throw new UserError("there is no kernel for " + without + " on " + device);
        }
        if (!without.isEmpty()) {
            say(out, "no kernel for " + without);
        }
    }

    private static void print(PrintWriter out, List<Result> results, Double others) {
        out.print(Table.of(results));
        results.stream()
                .filter(result -> !result.checked().equals(result.text()))
                .forEach(result -> out.println(result.name() + " was checked as " + result.checked()));
        say(
                out,
                "other processes took " + (others == null ? "an unknown part" : Math.round(others) + " %")
                        + " of the processor");
    }

    private static void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }

    private static Path file(Path out) throws IOException {
        boolean named = out.toString().endsWith(".json");
        Path folder = named ? out.toAbsolutePath().getParent() : out;
        Files.createDirectories(folder);
        if (!Files.isWritable(folder)) {
            throw new UserError(folder + " may not be written to; choose another --out");
        }
        return named
                ? out
                : ResultFile.freshName(
                        folder,
                        LocalDate.now(ZoneOffset.UTC).toString(),
                        Host.here().processor());
    }
}
