package io.eider.experiments.cli;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.experiments.report.TextTable;
import io.eider.experiments.train.GoldenCheck;
import io.eider.experiments.train.GoldenStep;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eider check-step}: one step of the method against known numbers. */
@Command(
        name = "check-step",
        description =
                "Replays a stage-2 step of the authors' code, computed in 64 bits, and prints the largest relative "
                        + "error of each quantity. Exit code 1 if one is above its tolerance.",
        mixinStandardHelpOptions = true)
final class CheckStepCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "A golden step: safetensors with inputs and results.")
    private Path file;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            description = "Where to compute: auto, cuda, cuda:N, cpu, reference. Default: auto.")
    private String device = "auto";

    @Option(names = "--threads", paramLabel = "N", description = "Worker threads. Default: all cores.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Override
    public Integer call() throws IOException {
        GoldenStep golden = GoldenStep.read(file);
        try (Device opened = Devices.open(device, threads)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(opened.description());
            GoldenCheck check = GoldenCheck.run(golden, opened, device.equals("reference"));
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("quantity", "largest relative error", "tolerance", ""));
            check.quantities()
                    .forEach(quantity -> rows.add(List.of(
                            quantity.name(),
                            String.format(Locale.ROOT, "%.2e", quantity.error()),
                            String.format(Locale.ROOT, "%.2e", quantity.tolerance()),
                            quantity.passes() ? "ok" : "WRONG")));
            out.print(TextTable.of(rows));
            return check.passes() ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }
}
