package io.eider.experiments.cli;

import io.eider.engine.backend.Device;
import io.eider.experiments.UserError;
import io.eider.experiments.data.DataFolder;
import io.eider.experiments.table.Selection;
import io.eider.experiments.table.TablePlan;
import io.eider.experiments.table.TableReports;
import io.eider.experiments.table.TableResult;
import io.eider.experiments.table.TableRunner;
import io.eider.experiments.train.ImageSource;
import io.eider.experiments.train.RunFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eider table}: the paper's table, cell by cell. */
@Command(
        name = "table",
        description =
                "Trains every cell of the paper's table, or some, and writes table.md, table.html and table.json. "
                        + "Started again after a crash it goes on; what is complete is not done again. Exit code 1 if a cell "
                        + "failed.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class TableCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger("eider.table");

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DATASET", description = "cifar10-lt, cifar100-lt or procedural-lt.")
    private String dataset;

    @Option(
            names = "--if",
            paramLabel = "IF",
            split = ",",
            defaultValue = "100",
            description = "Imbalance factors, joined by commas, or all. Default: 100.")
    private List<String> factors;

    @Option(
            names = "--rows",
            paramLabel = "ROW",
            split = ",",
            defaultValue = "table",
            description = "Rows, in the order to train them: names as in `eider configs list`, table for the paper's "
                    + "rows, all for these and the controls. Default: table.")
    private List<String> rows;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            split = ",",
            defaultValue = "1",
            description = "Seeds of each cell, joined by commas. A whole table is trained with the first before the "
                    + "second has its turn. Default: 1.")
    private List<Long> seeds;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            defaultValue = "1",
            description = "Cells at a time; they share the cores unless --set threads=N is given. Default: 1.")
    private int jobs;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "table",
            description = "Folder for the reports and for a run folder of each cell. Default: table.")
    private Path out;

    @Mixin
    private Overrides overrides;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder with the data sets. Default: $EIDER_DATA, else eider in the user's cache folder.")
    private String data;

    @Option(names = "--retry-failed", description = "Try again the cells that failed before; others are left alone.")
    private boolean retryFailed;

    @Option(names = "--report-only", description = "Train nothing; write the reports from what is there.")
    private boolean reportOnly;

    @Override
    public Integer call() throws IOException {
        Selection selection = Selection.of(dataset, factors, rows, seeds);
        if (reportOnly) {
            if (!Files.isDirectory(out)) {
                throw new UserError("there is no folder " + out + "; name the --out of a table");
            }
            TableReports.write(selection, out);
            say("wrote " + out.resolve("table.md") + ", table.html, table.json");
            return ExitCode.OK;
        }
        TablePlan plan = TablePlan.of(selection, overrides.changes(), jobs, out);
        ImageSource images = new ImageSource(DataFolder.locate(data));
        plan.checkImages(images);
        String device = deviceFor(plan);
        List<String> failures = train(selection, plan, device, images).failures();
        say(Files.readString(out.resolve("table.md")));
        failures.forEach(failure -> spec.commandLine().getErr().println("eider: " + failure));
        if (!failures.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("eider: " + failures.size() + " of " + plan.cells().size()
                            + " cells failed; once their reasons are put right, try them with --retry-failed");
        }
        return failures.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private TableResult train(Selection selection, TablePlan plan, String device, ImageSource images) {
        try (RunFolder held = RunFolder.open(out);
                TableProgress progress = new TableProgress(jobs)) {
            TableReports.write(selection, held.path());
            new TableRunner(plan, device, images, progress, () -> TableReports.write(selection, held.path()))
                    .run(retryFailed);
            return TableReports.write(selection, held.path());
        }
    }

    /**
     * Opens the device that the cells will have, so that a missing one is told before anything is done; returns its name,
     * which is never {@code auto}.
     */
    private static String deviceFor(TablePlan plan) {
        try (Device device = plan.openDevice()) {
            LOG.info("device: {}", device.description());
            return device.name();
        }
    }

    private void say(String text) {
        PrintWriter writer = spec.commandLine().getOut();
        writer.println(text);
        writer.flush();
    }
}
