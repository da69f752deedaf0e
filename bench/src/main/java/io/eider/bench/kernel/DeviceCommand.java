package io.eider.bench.kernel;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceFailedException;
import io.eider.engine.backend.DeviceMemoryException;
import io.eider.engine.backend.DeviceOptions;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.engine.backend.Devices;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.io.AtomicFile;
import io.eider.engine.op.InvalidExampleException;
import io.eider.engine.op.primitive.Input;
import io.eider.engine.program.Precision;
import io.eider.engine.program.Program;
import io.eider.experiments.IoReason;
import io.eider.experiments.report.TextTable;
import io.eider.experiments.train.GoldenCheck;
import io.eider.experiments.train.GoldenStep;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
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
        // Before the device is busy for minutes.
        Map<Path, GoldenStep> replays = new LinkedHashMap<>();
        for (Path file : golden) {
            replays.put(file, GoldenStep.read(file));
        }
        DeviceOptions options = new DeviceOptions(Runtime.getRuntime().availableProcessors(), tf32, timedSearch);
        try (Device device = Devices.open(name, options)) {
            String description = device.description();
            print.println(description);
            OpChecks ops = OpChecks.run(device);
            // At once: what is wrong with an op may keep what follows from ending.
            ops.failures().forEach(print::println);
            print.flush();
            DeviceReport report = new DeviceReport(description, ops);
            finish(device, report, replays);
            return report.isWell() ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }

    /**
     * Adds everything but ops to a report, then prints it and writes it.
     *
     * @throws DeviceFailedException if the device was lost meanwhile; what was found until then is printed and written
     */
    void finish(Device device, DeviceReport report, Map<Path, GoldenStep> replays) throws IOException {
        try {
            List<String> wrong = report.ops().failures();
            if (!wrong.isEmpty()) {
                requireAlive(device, report, wrong.get(wrong.size() - 1));
            }
            replay(device, report, replays);
            kernels(device, report);
            steps(device, report);
        } catch (DeviceFailedException lost) {
            try {
                write(report);
            } catch (IOException e) {
                throw new DeviceFailedException(
                        lost.getMessage() + "; and " + out + " could not be written: " + IoReason.of(e), lost);
            }
            throw lost;
        }
        write(report);
    }

    private void write(DeviceReport report) throws IOException {
        PrintWriter print = spec.commandLine().getOut();
        print.print(TextTable.of(table(report)));
        print.flush();
        if (out != null) {
            ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            AtomicFile.write(out, stream -> stream.write(json.writeValueAsBytes(report)));
        }
    }

    private void replay(Device device, DeviceReport report, Map<Path, GoldenStep> replays) {
        replays.forEach((file, step) -> {
            String what = file.getFileName().toString();
            attempt(
                    device,
                    report,
                    what,
                    () -> report.golden()
                            .add(new DeviceReport.Golden(
                                    what, GoldenCheck.run(step, device, false).passes())));
        });
    }

    private void kernels(Device device, DeviceReport report) {
        double[] copy = {0};
        attempt(device, report, "a copy of " + copyMegabytes + " MB", () -> copy[0] = copyRate(device));
        for (KernelCase one : Cases.beginningWith(prefixes)) {
            if (!device.supports(one.node())) {
                report.kernels().add(new DeviceReport.Timed(one.name(), "no kernel", 0, 0, 0, 0));
                continue;
            }
            DeviceReport.Timed result;
            String failure = null;
            try (CheckedKernel kernel = CheckedKernel.open(device, one)) {
                double micros = DeviceReport.median(rounds, kernel::timedRun) * 1e-3;
                double gigabytes = one.bytes() * 1e-3 / micros;
                result = new DeviceReport.Timed(
                        one.name(),
                        "ok",
                        micros,
                        one.flops() * 1e-3 / micros,
                        gigabytes,
                        copy[0] == 0 ? 0 : gigabytes / copy[0]);
            } catch (WrongResultException e) {
                result = new DeviceReport.Timed(one.name(), e.getMessage(), 0, 0, 0, 0);
            } catch (InvalidExampleException
                    | DeviceFailedException
                    | DeviceUnavailableException
                    | DeviceMemoryException e) {
                result = new DeviceReport.Timed(one.name(), e.toString(), 0, 0, 0, 0);
                failure = one.name() + ": " + e.getMessage();
            }
            report.kernels().add(result);
            if (failure != null) {
                requireAlive(device, report, failure);
            }
        }
    }

    /** Returns the GB a second that a large copy reads and writes. */
    private double copyRate(Device device) {
        long floats = copyMegabytes * 1_000_000L / 2 / Float.BYTES;
        KernelCase copy = KernelCase.parse(null, "slice start=0 step=1 shape=" + floats + " of " + floats);
        try (CheckedKernel kernel = CheckedKernel.open(device, copy)) {
            return copy.bytes() / DeviceReport.median(rounds, kernel::timedRun);
        }
    }

    private void steps(Device device, DeviceReport report) {
        for (Precision precision : Precision.values()) {
            if (precision.isOn(device)) {
                TimedSteps timed = new TimedSteps(device, precision, depth, batch, rounds);
                attempt(
                        device,
                        report,
                        "plain step, " + precision,
                        () -> report.steps().add(timed.plain()));
                attempt(
                        device,
                        report,
                        "stage-2 step, " + precision,
                        () -> report.steps().add(timed.stage2()));
            }
        }
    }

    /**
     * Does one thing of many; one that cannot be done is noted, and the others follow.
     *
     * @throws DeviceFailedException if they cannot follow, as the device is lost
     */
    private static void attempt(Device device, DeviceReport report, String what, Runnable thing) {
        try {
            thing.run();
        } catch (WrongResultException
                | InvalidExampleException
                | DeviceFailedException
                | DeviceUnavailableException
                | DeviceMemoryException e) {
            report.failures().add(new DeviceReport.Failure(what, e.getMessage()));
            requireAlive(device, report, what + ": " + e.getMessage());
        }
    }

    /** A device that has failed once may compute on, or never again. */
    private static void requireAlive(Device device, DeviceReport report, String failure) {
        Tensor x = Input.input("x", TensorType.f32());
        try (Program program = Program.compile(device, List.of(x.plus(1)), List.of())) {
            program.set(x, new float[1]);
            program.run();
        } catch (DeviceFailedException e) {
            throw new DeviceFailedException(
                    "the device is lost, and what follows was not tried; it was lost at " + failure, e);
        } catch (DeviceMemoryException e) {
            report.failures().add(new DeviceReport.Failure("whether the device computes on", e.getMessage()));
        }
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
        report.failures().forEach(failure -> rows.add(List.of(failure.what(), failure.why(), "", "", "", "")));
        return rows;
    }

    private static String number(double value) {
        return value == 0 ? "" : String.format(Locale.ROOT, "%.1f", value);
    }
}
