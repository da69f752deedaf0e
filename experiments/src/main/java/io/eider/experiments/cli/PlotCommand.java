package io.eider.experiments.cli;

import io.eider.engine.io.AtomicFile;
import io.eider.experiments.Choice;
import io.eider.experiments.IoReason;
import io.eider.experiments.UserError;
import io.eider.experiments.report.Figure;
import io.eider.experiments.report.FigureFormat;
import io.eider.experiments.report.Figures;
import io.eider.experiments.report.Headless;
import io.eider.experiments.report.RunRecords;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eider plot}: figures of runs. */
@Command(
        name = "plot",
        description =
                "Draws runs: epsilon, weights and confusion of each, accuracy-by-size and losses of all together.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class PlotCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", arity = "1..*", description = "Folders that `eider train` wrote.")
    private List<Path> folders;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for the files. Default: plots in the folder of the run; several runs need one named.")
    private Path out;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "png,svg",
            description = "png, svg. Default: ${DEFAULT-VALUE}")
    private Set<FigureFormat> formats = new LinkedHashSet<>();

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many of the last epochs to show epsilon of. Default: ${DEFAULT-VALUE}")
    private int epochs;

    @Option(
            names = "--classes",
            paramLabel = "C",
            split = ",",
            description =
                    "Classes, counted from 0, to show epsilon and weights of. Default: the first, the last, two between.")
    private List<Integer> classes = List.of();

    @Override
    public Integer call() {
        if (epochs < 1) {
            throw new UserError("--epochs must be at least 1");
        }
        if (out == null && folders.size() > 1) {
            throw new UserError("--out must name a folder for the figures of several runs");
        }
        Headless.prepare();
        Path folder = out == null ? folders.get(0).resolve("plots") : out;
        Figures figures = Figures.of(RunRecords.read(folders), epochs, classes);
        PrintWriter print = spec.commandLine().getOut();
        figures.skipped().forEach(line -> print.println("skipped " + line));
        for (Figure figure : figures.drawn()) {
            for (FigureFormat format : formats) {
                Path file = folder.resolve(figure.name() + "." + Choice.id(format));
                write(figure, format, file);
                print.println(file);
            }
        }
        print.flush();
        return ExitCode.OK;
    }

    private static void write(Figure figure, FigureFormat format, Path file) {
        try {
            AtomicFile.write(file, stream -> format.write(figure, stream));
        } catch (IOException e) {
            throw new UserError(
                    "cannot write " + file + ": " + IoReason.of(e) + "; choose a writable folder with --out", e);
        }
    }
}
