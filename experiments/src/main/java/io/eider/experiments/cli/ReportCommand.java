package io.eider.experiments.cli;

import io.eider.experiments.UserError;
import io.eider.experiments.report.ClassTable;
import io.eider.experiments.train.Accuracy;
import io.eider.experiments.train.RunResults;
import io.eider.experiments.train.TrainedRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eider report}: runs side by side. */
@Command(
        name = "report",
        description = "Puts runs side by side: accuracy by class and by many, medium and few training images.",
        mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", arity = "1..*", description = "Folders that `eider train` wrote.")
    private List<Path> folders;

    @Option(
            names = "--best",
            description = "The epoch with the smallest test error instead of the last; it was chosen on the test set.")
    private boolean best;

    @Override
    public Integer call() {
        Map<String, Accuracy> columns = new LinkedHashMap<>();
        TrainedRun first = null;
        for (Path folder : folders) {
            TrainedRun run = RunResults.read(folder);
            first = first == null ? run : first;
            if (!run.counts().equals(first.counts())) {
                throw new UserError(folder + " has other training images than " + folders.get(0)
                        + "; compare runs of one data set, imbalance and protocol");
            }
            columns.put(folder.getFileName().toString(), best ? run.best() : run.last());
        }
        ClassTable table = new ClassTable(first.classNames(), first.counts(), columns);
        PrintWriter out = spec.commandLine().getOut();
        columns.forEach((name, accuracy) ->
                out.printf("%s: test error %.2f %% after epoch %d%n", name, accuracy.error(), accuracy.epoch()));
        out.println();
        out.println(table.groups());
        out.print(table.classes());
        out.flush();
        return ExitCode.OK;
    }
}
