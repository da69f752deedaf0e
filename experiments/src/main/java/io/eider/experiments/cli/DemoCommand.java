package io.eider.experiments.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.Devices;
import io.eider.experiments.data.DataFolder;
import io.eider.experiments.report.ClassTable;
import io.eider.experiments.train.Accuracy;
import io.eider.experiments.train.Json;
import io.eider.experiments.train.LongTailData;
import io.eider.experiments.train.Method;
import io.eider.experiments.train.RunFolder;
import io.eider.experiments.train.TrainConfig;
import io.eider.experiments.train.TrainedRun;
import io.eider.experiments.train.TrainingRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eider demo}: the method against plain training, in about a minute, with nothing to download. */
@Command(
        name = "demo",
        description =
                "Draws ten classes of images, makes them long-tailed, and trains a small network twice: plainly, and "
                        + "with the method from two thirds on. About a minute on two cores; nothing is downloaded.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private static final int STAGE_1 = 20;
    private static final int EPOCHS = 26;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            description = "Where to compute: auto, cuda, cuda:N, cpu, reference. Default: auto.")
    private String device = "auto";

    @Option(names = "--threads", paramLabel = "N", description = "Worker threads. Default: all cores.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--seed", paramLabel = "N", description = "Decides everything random. Default: 1.")
    private long seed = 1;

    @Option(names = "--out", paramLabel = "DIR", description = "Keep the runs here. Default: they are deleted.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        if (out != null) {
            compare(out);
            return ExitCode.OK;
        }
        Path temporary = Files.createTempDirectory("eider-demo");
        try {
            compare(temporary);
        } finally {
            delete(temporary);
        }
        return ExitCode.OK;
    }

    private void compare(Path folder) {
        PrintWriter text = spec.commandLine().getOut();
        Path shared = folder.resolve("stage-1");
        LongTailData images = LongTailData.load(config(Method.UNIFORM, null), DataFolder.locate(null));
        Map<String, Accuracy> columns = new LinkedHashMap<>();
        TrainedRun last;
        try (Device opened = Devices.open(device, threads)) {
            text.println("Stage 1, which both share: " + STAGE_1 + " epochs of plain training.");
            text.flush();
            train(stage1(), images, opened, shared);
            text.println("Plain training goes on to epoch " + EPOCHS + ".");
            text.flush();
            Path checkpoint = shared.resolve("last.safetensors");
            columns.put(
                    "plain",
                    train(config(Method.UNIFORM, checkpoint), images, opened, folder.resolve("ce"))
                            .last());
            text.println("The method goes on from the same network to epoch " + EPOCHS + ".");
            text.flush();
            last = train(config(Method.OURS, checkpoint), images, opened, folder.resolve("ours"));
            columns.put("method", last.last());
        }
        ClassTable table = new ClassTable(last.classNames(), last.counts(), columns);
        text.println();
        text.println("Accuracy on balanced test images, by class and by number of training images:");
        text.println();
        text.println(table.classes());
        text.print(table.groups());
    }

    private TrainedRun train(TrainConfig config, LongTailData images, Device opened, Path folder) {
        try (RunFolder run = RunFolder.open(folder);
                TerminalProgress progress = new TerminalProgress()) {
            return new TrainingRun(config, images, opened, run, new TrainingRun.Options(false, false, 0))
                    .execute(progress);
        }
    }

    private TrainConfig stage1() {
        return with(config(Method.UNIFORM, null), Map.of("epochs", STAGE_1));
    }

    private TrainConfig config(Method method, Path initFrom) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("dataset", "procedural-lt");
        values.put("imbalance", 30);
        values.put("method", Json.tree(method));
        values.put("epochs", EPOCHS);
        values.put("stage2-epoch", STAGE_1);
        values.put("lr-drops", List.of(STAGE_1));
        values.put("optimizer-drop-offset", 0);
        values.put("lr-factor", 0.1);
        values.put("depth", 8);
        values.put("seed", seed);
        values.put("evaluate-every", EPOCHS);
        values.put("device", device);
        values.put("threads", threads);
        values.put("init-from", initFrom == null ? null : initFrom.toString());
        return with(TrainConfig.defaults(), values);
    }

    private static TrainConfig with(TrainConfig base, Map<String, Object> values) {
        ObjectNode tree = (ObjectNode) Json.tree(base);
        values.forEach((key, value) -> tree.set(key, Json.tree(value)));
        return Json.read(tree, TrainConfig.class, "the demo");
    }

    private static void delete(Path folder) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> paths = Files.walk(folder)) {
            deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
