package io.eider.experiments.cli;

import io.eider.engine.backend.Backend;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.engine.backend.Devices;
import io.eider.experiments.data.Cifar;
import io.eider.experiments.data.DataFolder;
import io.eider.experiments.train.Machine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eider doctor}: what was loaded, or why not. */
@Command(
        name = "doctor",
        description =
                "Says what this machine has: Java, devices with their libraries and instruction sets (or why they "
                        + "are missing), data sets. Exit code 1 if something is wrong.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    private static final Path MAPS = Path.of("/proc/self/maps");

    @Spec
    private CommandSpec spec;

    @Option(names = "--threads", paramLabel = "N", description = "Worker threads. Default: all cores.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder with the data sets. Default: $EIDER_DATA, else eider in the user's cache folder.")
    private String data;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        line(out, "eider", Machine.version());
        line(out, "java", Machine.java());
        line(
                out,
                "machine",
                Machine.processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores, "
                        + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        boolean well =
                Devices.backends().stream().map(backend -> tryOut(out, backend)).reduce(true, Boolean::logicalAnd);
        Optional<Long> runtimes = openMpRuntimes();
        if (runtimes.isPresent()) {
            boolean one = runtimes.get() <= 1;
            line(
                    out,
                    "OpenMP",
                    runtimes.get() + " libgomp mapped"
                            + (one ? "" : ": more than one, so thread pools fight for the same cores"));
            well &= one;
        }
        DataFolder folder = DataFolder.locate(data);
        line(out, "data", folder.root().toString());
        for (Cifar set : Cifar.ALL) {
            line(
                    out,
                    "  " + set.id(),
                    folder.has(set) ? "there" : "not there; run `eider data fetch " + set.id() + "`");
        }
        return well ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private boolean tryOut(PrintWriter out, Backend backend) {
        try (Device device = backend.open(threads)) {
            line(out, backend.name(), device.description());
            return true;
        } catch (DeviceUnavailableException e) {
            line(out, backend.name(), "not available: " + e.getMessage());
            // A machine without a GPU is well; that is what the CPU is for.
            return backend.name().equals("cuda");
        }
    }

    /** How many OpenMP runtimes of GCC this process has; nothing where the system does not tell. */
    private static Optional<Long> openMpRuntimes() {
        try (Stream<String> maps = Files.lines(MAPS, StandardCharsets.ISO_8859_1)) {
            return Optional.of(maps.filter(line -> line.contains("libgomp"))
                    .map(line -> line.substring(line.indexOf('/')))
                    .distinct()
                    .count());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void line(PrintWriter out, String what, String found) {
        out.printf("%-10s %s%n", what, found);
    }
}
