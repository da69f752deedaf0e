package io.eider.experiments.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eider.engine.backend.Device;
import io.eider.engine.graph.Variable;
import io.eider.engine.program.ProgramOptions;
import io.eider.experiments.UserError;
import io.eider.experiments.weighting.ClassWeights;
import io.eider.experiments.weighting.WeightingNetwork;
import io.eider.models.nn.Network;
import io.eider.models.nn.Variables;
import io.eider.models.optim.Sgd;
import io.eider.models.resnet.CifarResnet;
import io.eider.models.resnet.Head;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run from its configuration to its results: begins it or goes on with it, and keeps its record. */
public final class TrainingRun {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);
    private static final String BIAS = "linear.bias";

    /**
     * How to treat what is in the folder.
     *
     * @param resume go on from the last checkpoint, if there is one
     * @param force go on even if the bits will differ from those of a run that was never interrupted
     * @param checkpointEvery steps between checkpoints within an epoch; 0 for none
     */
    public record Options(boolean resume, boolean force, int checkpointEvery) {}

    private final TrainConfig config;
    private final LongTailData data;
    private final Learner learner;
    private final RunFolder folder;
    private final Options options;
    private final RunIdentity identity;

    /**
     * A run.
     *
     * @param config what to do
     * @param data the images
     * @param device where to
     * @param folder where results go
     * @param options how to treat what is there
     */
    public TrainingRun(TrainConfig config, LongTailData data, Device device, RunFolder folder, Options options) {
        this.config = config;
        this.data = data;
        this.learner = learner(config, data.images().classes(), device);
        this.folder = folder;
        this.options = options;
        this.identity = new RunIdentity(
                Machine.version(), device.description(), data.split().sha256(), config);
    }

    /**
     * A fresh network, and where and how it is trained.
     *
     * @param config depth, update rule and seed
     * @param classes classes to tell apart
     * @param device where
     * @return with initial numbers
     */
    public static Learner learner(TrainConfig config, int classes, Device device) {
        boolean cosines = config.loss() == Loss.LDAM || config.lossOf(2) == Loss.LDAM;
        boolean sigmoids = config.loss() == Loss.SIGMOID_FOCAL && !cosines;
        Network network = new CifarResnet(config.depth(), classes, cosines ? Head.NORMALISED : Head.LINEAR);
        Variables variables = new Variables(network);
        variables.initialise(device, config.seed());
        if (sigmoids) {
            startRare(device, variables.parameterVariables().get(BIAS), classes);
        }
        return new Learner(
                device,
                network,
                variables,
                new Sgd(config.momentum(), config.weightDecay(), config.nesterov(), sigmoids ? Set.of(BIAS) : Set.of()),
                new ProgramOptions(config.precision(), config.recompute()),
                config.method() == Method.META_WEIGHT_NET
                        ? Optional.of(createWeightingNetwork(config, device))
                        : Optional.empty());
    }

    /** Gives every sigmoid the probability 1/C at first. Cui et al. 2019, section 4.2. */
    private static void startRare(Device device, Variable bias, int classes) {
        float[] values = new float[classes];
        Arrays.fill(values, (float) -Math.log(classes - 1));
        device.variable(bias).write(values);
    }

    private static Variables createWeightingNetwork(TrainConfig config, Device device) {
        Variables psi = new Variables(new WeightingNetwork());
        psi.initialise(device, config.seed());
        return psi;
    }

    /**
     * Trains.
     *
     * @param listener hears how it goes
     * @return how it ended
     * @throws UserError if the folder holds another run
     * @throws TrainingFailedException if a number cannot be computed with
     */
    public TrainedRun execute(RunListener listener) {
        Optional<ObjectNode> before = RunFolder.readRecord(folder.path());
        TrainingState state = begin(before.isPresent());
        ObjectNode record = record(before);
        record.put("status", "running");
        folder.writeRecord(record);
        data.split().write(folder.path().resolve("split.txt"));
        try (Trainer trainer = new Trainer(identity, learner, data, folder, state, listener)) {
            state = trainer.run(options.checkpointEvery());
        } catch (TrainingFailedException e) {
            folder.writeRecord(record.put("status", "failed").put("failure", e.getMessage()));
            throw e;
        }
        folder.writeRecord(record.put("status", "complete").put("finished", now()));
        return new TrainedRun(
                config,
                data.images().classNames(),
                Arrays.stream(data.split().counts()).boxed().toList(),
                state.last(),
                state.best(),
                state.epsilon());
    }

    /**
     * What keeps the run in the folder from going on to the same bits.
     *
     * @return each difference in words; none if there is no checkpoint
     */
    public List<String> differences() {
        return Files.exists(folder.last())
                ? RunCheckpoint.peek(folder.last())
                        .map(checkpoint -> checkpoint.identity().differences(identity))
                        .orElse(List.of())
                : List.of();
    }

    private TrainingState begin(boolean begun) {
        if (begun && !options.resume()) {
            throw new UserError(
                    folder.path() + " already holds a run; add --resume to go on with it, or choose another --out");
        }
        if (options.resume() && Files.exists(folder.last())) {
            if (config.timedSearch()) {
                LOG.warn(
                        "algorithms are searched anew: if others are the fastest now, bits differ from those of a run that did "
                                + "not stop");
            }
            List<String> differences = differences();
            if (!differences.isEmpty() && !options.force()) {
                throw new UserError("cannot go on with the same bits, because " + String.join("; ", differences)
                        + "; add --force to go on all the same");
            }
            differences.forEach(difference -> LOG.warn("forced to go on although {}", difference));
            RunCheckpoint checkpoint = RunCheckpoint.load(folder.last(), learner);
            LOG.info(
                    "going on from {} in epoch {}, step {}",
                    folder.last(),
                    checkpoint.state().epoch(),
                    checkpoint.state().step());
            return checkpoint.state();
        }
        if (options.resume()) {
            LOG.info("no checkpoint in {}; starting from the beginning", folder.path());
        }
        return config.initFrom() == null
                ? TrainingState.start(0, data.images().classes())
                : startFrom(Path.of(config.initFrom()));
    }

    private TrainingState startFrom(Path file) {
        RunCheckpoint checkpoint = RunCheckpoint.loadNetwork(file, learner);
        TrainingState found = checkpoint.state();
        if (found.step() != 0) {
            throw new UserError(file + " was saved within epoch " + found.epoch()
                    + "; name a checkpoint that was saved at the end of an epoch");
        }
        if (!checkpoint.identity().splitSha256().equals(identity.splitSha256())) {
            throw new UserError(file + " was trained on other images; use its --dataset, --imbalance, --protocol and "
                    + "--seed: " + Json.tree(checkpoint.identity().configuration()));
        }
        if (found.epoch() >= config.epochs()) {
            throw new UserError(file + " has " + found.epoch() + " epochs behind it; --epochs must be more");
        }
        LOG.info("starting from {} at epoch {}", file, found.epoch());
        return TrainingState.start(found.epoch(), data.images().classes());
    }

    private ObjectNode record(Optional<ObjectNode> before) {
        ObjectNode record = Json.object();
        record.put("status", "");
        record.put("started", before.map(old -> old.path("started").asText()).orElseGet(TrainingRun::now));
        if (before.isPresent()) {
            record.set("resumed", before.get().withArray("resumed").add(now()));
        }
        record.put("version", identity.version());
        record.put("device", identity.device());
        record.set("machine", Machine.record());
        record.set("configuration", Json.tree(config));
        ObjectNode split = record.putObject("split");
        split.put("sha256", identity.splitSha256());
        split.put("train-images", data.split().train().length);
        split.put("development-images", data.split().development().length);
        split.set("counts", Json.tree(data.split().counts()));
        split.set(
                "class-weights",
                Json.tree(ClassWeights.effectiveNumber(data.split().counts(), config.beta())));
        return record;
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
