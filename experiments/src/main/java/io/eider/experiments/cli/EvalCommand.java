package io.eider.experiments.cli;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.experiments.data.DataFolder;
import io.eider.experiments.data.LongTailSplit.Protocol;
import io.eider.experiments.report.ClassTable;
import io.eider.experiments.train.Accuracy;
import io.eider.experiments.train.Dataset;
import io.eider.experiments.train.LongTailData;
import io.eider.experiments.train.TrainConfig;
import io.eider.experiments.train.TrainedNetwork;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eider eval}: a checkpoint on the test set. */
@Command(
        name = "eval",
        description = "Tries a checkpoint on the test set: accuracy by class and by many, medium and few training "
                + "images. What is not given is taken from the checkpoint; f32 is computed without TF32 all the same.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
@SuppressWarnings("UnusedVariable") // some options are read by name
final class EvalCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE",
            required = true,
            description = "Safetensors with the names of torchvision.")
    private Path checkpoint;

    @Option(names = "--dataset", paramLabel = "NAME", description = "Images: cifar10-lt, cifar100-lt, procedural-lt.")
    private Dataset dataset;

    @Option(names = "--imbalance", paramLabel = "IF", description = "Imbalance factor, for the training counts.")
    private double imbalance;

    @Option(names = "--protocol", paramLabel = "NAME", description = "development or full, for the training counts.")
    private Protocol protocol;

    @Option(names = "--depth", paramLabel = "N", description = "Layers of the residual network: 6n + 2.")
    private int depth;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            description = "Where to compute: auto, cuda, cuda:N, cpu, reference.")
    private String device;

    @Option(names = "--threads", paramLabel = "N", description = "Worker threads.")
    private int threads;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder with the data sets. Default: $EIDER_DATA, else eider in the user's cache folder.")
    private String data;

    @Override
    public Integer call() {
        TrainConfig config = ConfigOptions.apply(
                TrainedNetwork.configuration(checkpoint).orElseGet(TrainConfig::defaults),
                spec.commandLine().getParseResult());
        LongTailData images = LongTailData.load(config, DataFolder.locate(data));
        try (Device opened = Devices.open(config.device(), config.threads())) {
            Accuracy accuracy = TrainedNetwork.test(checkpoint, config, images, opened);
            ClassTable table = new ClassTable(
                    images.test().classNames(),
                    Arrays.stream(images.split().counts()).boxed().toList(),
                    Map.of("accuracy", accuracy));
            PrintWriter out = spec.commandLine().getOut();
            out.printf(
                    Locale.ROOT,
                    "Test error %.2f %% on %d images.%n%n",
                    accuracy.error(),
                    images.test().size());
            out.println(table.groups());
            out.print(table.classes());
        }
        return ExitCode.OK;
    }
}
