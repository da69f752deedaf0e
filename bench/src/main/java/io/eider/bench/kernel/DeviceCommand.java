package io.eider.bench.kernel;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceFailedException;
import io.eider.engine.backend.DeviceMemoryException;
import io.eider.engine.backend.DeviceOptions;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.engine.backend.Devices;
import io.eider.engine.io.AtomicFile;
import io.eider.engine.program.Precision;
import io.eider.experiments.report.TextTable;
import io.eider.experiments.train.GoldenCheck;
import io.eider.experiments.train.GoldenStep;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench device}: what is to be known of a device that nobody has tried yet. */
@Command(
        name = "device",
        description =
                "Checks a device: every op against its definition, golden steps, kernels at a network's shapes; times these "
                        + "kernels, held against a copy, and training steps. Exit code 1 if something is wrong.")
final class DeviceCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "PREFIX",
            arity = "0..*",
            description = "Cases whose names begin so, such as conv2d/ or loss/. Default: all.")
    private List<String> prefixes = List.of();

    @Option(names = "--device", paramLabel = "NAME", description = "Default: ${DEFAULT-VALUE}.", defaultValue = "cuda")
    private String name;

    @Option(names = "--golden", paramLabel = "FILE", description = "A golden step to replay; may be given again.")
    private List<Path> golden = List.of();

    @Option(
            names = "--depth",
            paramLabel = "N",
            description = "ResNet's. Default: ${DEFAULT-VALUE}.",
            defaultValue = "32")
    private int depth;

    @Option(names = "--batch", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.", defaultValue = "100")
    private int batch;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Of each, the median is printed. Default: ${DEFAULT-VALUE}.",
            defaultValue = "30")
    private int rounds;

    @Option(
            names = "--copy-mb",
            paramLabel = "MB",
            description = "Size of the copy that is the ceiling. Default: ${DEFAULT-VALUE}.",
            defaultValue = "512")
    private int copyMegabytes;

    @Option(names = "--tf32", description = "Let a GPU's convolutions in f32 round factors.")
    private boolean tf32;

    @Option(names = "--timed-search", description = "Let a GPU time its algorithms.")
    private boolean timedSearch;

    @Option(names = "--out", paramLabel = "FILE", description = "Where to keep it all as JSON.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        DeviceOptions options = new DeviceOptions(Runtime.getRuntime().availableProcessors(), tf32, timedSearch);
        try (Device device = Devices.open(name, options)) {
            print.println(device.description());
            OpChecks ops = OpChecks.run(device);
            // At once: what is wrong with an op may keep what follows from ending.
            ops.failures().forEach(print::println);
            print.flush();
            DeviceReport report =
                    new DeviceReport(device.description(), ops, replay(device), kernels(device), steps(device));
            print.print(TextTable.of(table(report)));
            if (out != null) {
                ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
                AtomicFile.write(out, stream -> stream.write(json.writeValueAsBytes(report)));
            }
            return report.isWell() ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }

    private List<DeviceReport.Golden> replay(Device device) throws IOException {
        List<DeviceReport.Golden> results = new ArrayList<>();
        for (Path file : golden) {
            GoldenCheck check = GoldenCheck.run(GoldenStep.read(file), device, false);
            results.add(new DeviceReport.Golden(file.getFileName().toString(), check.passes()));
        }
        return results;
    }

    private List<DeviceReport.Timed> kernels(Device device) {
        double copy = copyRate(device);
        List<DeviceReport.Timed> results = new ArrayList<>();
        for (KernelCase one : Cases.beginningWith(prefixes)) {
            if (!device.supports(one.node())) {
                results.add(new DeviceReport.Timed(one.name(), "no kernel", 0, 0, 0, 0));
                continue;
            }
            try (CheckedKernel kernel = CheckedKernel.open(device, one)) {
                double micros = DeviceReport.median(rounds, kernel::timedRun) * 1e-3;
                double gigabytes = one.bytes() * 1e-3 / micros;
                results.add(new DeviceReport.Timed(
                        one.name(), "ok", micros, one.flops() * 1e-3 / micros, gigabytes, gigabytes / copy));
            } catch (WrongResultException e) {
                results.add(new DeviceReport.Timed(one.name(), e.getMessage(), 0, 0, 0, 0));
            } catch (DeviceFailedException | DeviceUnavailableException | DeviceMemoryException e) {
                results.add(new DeviceReport.Timed(one.name(), e.toString(), 0, 0, 0, 0));
            }
        }
        return results;
    }

    /** Returns the GB a second that a large copy reads and writes. */
    private double copyRate(Device device) {
        long floats = copyMegabytes * 1_000_000L / 2 / Float.BYTES;
        KernelCase copy = KernelCase.parse(null, "slice start=0 step=1 shape=" + floats + " of " + floats);
        try (CheckedKernel kernel = CheckedKernel.open(device, copy)) {
            return copy.bytes() / DeviceReport.median(rounds, kernel::timedRun);
        }
    }

    private List<DeviceReport.Step> steps(Device device) {
        return Arrays.stream(Precision.values())
                .filter(precision -> precision.isOn(device))
                .map(precision -> new TimedSteps(device, precision, depth, batch, rounds))
                .flatMap(timed -> Stream.of(timed.plain(), timed.stage2()))
                .toList();
    }

    private static List<List<String>> table(DeviceReport report) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("what", "result", "microseconds", "GFLOP/s", "GB/s", "of a copy"));
        OpChecks ops = report.ops();
        rows.add(List.of(
                "ops against their definitions",
                ops.failures().isEmpty()
                        ? "ok, " + ops.passed()
                        : ops.failures().size() + " WRONG",
                "",
                "",
                "",
                ""));
        report.golden().forEach(step -> rows.add(List.of(step.file(), step.passes() ? "ok" : "WRONG", "", "", "", "")));
        report.kernels()
                .forEach(kernel -> rows.add(List.of(
                        kernel.name(),
                        kernel.result(),
                        number(kernel.micros()),
                        number(kernel.gigaflops()),
                        number(kernel.gigabytes()),
                        number(100 * kernel.ofCopy()) + " %")));
        report.steps()
                .forEach(step -> rows.add(
                        List.of(step.name(), "loss " + number(step.loss()), number(step.micros()), "", "", "")));
        return rows;
    }

    private static String number(double value) {
        return value == 0 ? "" : String.format(Locale.ROOT, "%.1f", value);
    }
}
