package io.eider.experiments.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eider.engine.backend.Device;
import io.eider.experiments.Choice;
import io.eider.experiments.UserError;
import io.eider.experiments.config.ConfigFiles;
import io.eider.experiments.config.NamedConfigs;
import io.eider.experiments.data.DataFolder;
import io.eider.experiments.report.ClassReport;
import io.eider.experiments.report.ReportedRun;
import io.eider.experiments.train.Json;
import io.eider.experiments.train.LongTailData;
import io.eider.experiments.train.RunFolder;
import io.eider.experiments.train.TrainConfig;
import io.eider.experiments.train.TrainedRun;
import io.eider.experiments.train.TrainingRun;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eider train}: one run, from images to a report. */
@Command(
        name = "train",
        description = "Trains a network on a long-tailed data set. The defaults are the authors' published recipe.",
        defaultValueProvider = ConfigOptions.Defaults.class,
        showDefaultValues = true,
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger("eider.train");

    @Spec
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("UnusedVariable") // its options are read by name
    private TrainOptions options;

    @Mixin
    private Overrides overrides;

    @Option(
            names = "--config",
            paramLabel = "NAME",
            description = "Begin with a named configuration instead of the defaults: `eider configs list`.")
    private String named;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder with the data sets. Default: $EIDER_DATA, else eider in the user's cache folder.")
    private String data;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for results: metrics.csv, run.json, checkpoints, report.md. Default: "
                    + "runs/DATASET-IF-METHOD-SEED.")
    private Path out;

    @Option(
            names = "--resume",
            description = "Go on with the run in --out from its last checkpoint, to the same bits as if it had not "
                    + "stopped. Options that are not given keep the run's values.")
    private boolean resume;

    @Option(
            names = "--force",
            description = "With --resume: go on even if configuration, device or version differ, and so the bits.")
    private boolean force;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "STEPS",
            defaultValue = "0",
            description = "Save also within epochs, every so many steps; 0: at the end of each epoch only.")
    private int checkpointEvery;

    @Override
    public Integer call() {
        checkCheckpointEvery();
        if (out == null) {
            out = defaultFolder(configured());
        }
        TrainConfig config = config();
        LongTailData images = LongTailData.load(config, DataFolder.locate(data));
        try (Device device = usable(config);
                RunFolder folder = RunFolder.open(out);
                TerminalProgress progress = new TerminalProgress()) {
            LOG.info("device: {}", device.description());
            TrainingRun run = new TrainingRun(
                    config, images, device, folder, new TrainingRun.Options(resume, force, checkpointEvery));
            TrainedRun result = ReportedRun.execute(run, folder, progress);
            progress.close();
            spec.commandLine().getOut().println(ClassReport.of(result));
        }
        return ExitCode.OK;
    }

    /** Opens the device, before anything is written. */
    private static Device usable(TrainConfig config) {
        Device device = config.openDevice();
        boolean usable = false;
        try {
            config.precision().requireOn(device);
            usable = true;
        } finally {
            if (!usable) {
                device.close();
            }
        }
        return device;
    }

    private Path defaultFolder(TrainConfig config) {
        if (named != null) {
            return Path.of("runs", named.replace('/', '-') + "-" + config.seed());
        }
        return Path.of(
                "runs",
                String.format(
                        Locale.ROOT,
                        "%s-%.0f-%s-%d",
                        Choice.id(config.dataset()),
                        config.imbalance(),
                        Choice.id(config.method()),
                        config.seed()));
    }

    private void checkCheckpointEvery() {
        if (checkpointEvery < 0) {
            throw new UserError("--checkpoint-every must be at least 0, not " + checkpointEvery);
        }
    }

    private TrainConfig config() {
        // A name or a scale says what the whole run is: the command that began it, given again.
        if (resume && named == null && !overrides.scalesEpochs()) {
            Optional<ObjectNode> record = RunFolder.readRecord(out);
            if (record.isPresent()) {
                TrainConfig before = Json.read(
                        record.get().path("configuration"),
                        TrainConfig.class,
                        out.resolve("run.json").toString());
                return ConfigOptions.apply(
                        overrides.apply((ObjectNode) Json.tree(before)),
                        spec.commandLine().getParseResult());
            }
        }
        return configured();
    }

    /** What the command line alone asks for. */
    private TrainConfig configured() {
        ObjectNode settings = named == null
                ? ConfigFiles.defaults()
                : NamedConfigs.find(named).settings();
        return ConfigOptions.apply(overrides.apply(settings), spec.commandLine().getParseResult());
    }
}
