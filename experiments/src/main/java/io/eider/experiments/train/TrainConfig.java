package io.eider.experiments.train;

import com.fasterxml.jackson.annotation.JacksonInject;
import com.fasterxml.jackson.annotation.OptBoolean;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceOptions;
import io.eider.engine.backend.Devices;
import io.eider.engine.program.Precision;
import io.eider.experiments.UserError;
import io.eider.experiments.config.ConfigFiles;
import io.eider.experiments.data.LongTailSplit.Protocol;
import io.eider.experiments.weighting.Reduction;
import io.eider.models.optim.StepSchedule;
import io.eider.models.optim.StepSchedule.Passing;
import java.util.List;

/**
 * Everything that decides a run's numbers. Same configuration, same device description: same bits, but for a timed search,
 * which may choose otherwise the next time.
 *
 * <p>The defaults stand in {@code config/defaults.yaml}, with the paper's choice where it differs from the published code.
 *
 * @param dataset which images
 * @param imbalance imbalance factor n_max/n_min
 * @param protocol with a development set (the paper) or without
 * @param depth layers of the residual network: 6n + 2
 * @param method how examples are weighted in stage 2
 * @param loss loss of one example
 * @param stage2Loss the same in stage 2, or null for no change
 * @param developmentLoss loss of one development example
 * @param gamma γ of the focal losses
 * @param ldamScale s of LDAM
 * @param ldamMargin margin of the smallest class in LDAM
 * @param beta β of the class weights
 * @param reduction how stage 2 reduces the weighted losses; stage 1 takes their mean
 * @param stage2Images what stage 2 trains on
 * @param epochs epochs in all
 * @param stage2Epoch first epoch of stage 2, counted from 0
 * @param warmupEpochs first epochs, in which the learning rate rises linearly to its value
 * @param lr learning rate before its drops, and step size of the look-ahead before its drops
 * @param lrDrops epochs at which both drop
 * @param lrFactor what each drop multiplies by
 * @param optimizerDropOffset k in: epoch e has passed a drop if e + k ≥ drop. 1 in the code, 0 in the paper
 * @param lookAheadDropOffset the same for the look-ahead. 0 in both
 * @param batch training images a step
 * @param momentum part of the momentum that stays
 * @param nesterov whether the momentum is Nesterov's
 * @param weightDecay strength of the pull towards zero, on every parameter but the bias of a sigmoid focal loss
 * @param lookAheadReduction how the look-ahead reduces the losses of the batch: sum in the code, mean in the paper
 * @param developmentBatch development images a step
 * @param tau step size of ε; 0 leaves class weights alone
 * @param weightingLr learning rate of Meta-Weight-Net's own network
 * @param weightingNormalised whether Meta-Weight-Net's weights of a batch are scaled to sum 1
 * @param weightingDetached whether its look-ahead takes the losses that go into the network as constants
 * @param seed the only source of randomness
 * @param evaluateEvery epochs between looks at the test set; the last epoch is always evaluated
 * @param logWeights for which epochs the weight of every example is written down
 * @param precision what images are kept in between the layers
 * @param recompute whether batch norms run again where that saves memory; same numbers
 * @param tf32 whether a GPU may round factors of convolutions in f32
 * @param timedSearch whether a GPU times its algorithms instead of taking those that its library expects to be fast
 * @param device {@code auto}, {@code cpu}, {@code reference} or another backend
 * @param threads worker threads; 0 for all cores
 * @param initFrom checkpoint to start from, or null for fresh parameters
 */
public record TrainConfig(
        Dataset dataset,
        double imbalance,
        Protocol protocol,
        int depth,
        Method method,
        Loss loss,
        Loss stage2Loss,
        DevelopmentLoss developmentLoss,
        double gamma,
        double ldamScale,
        double ldamMargin,
        double beta,
        Reduction reduction,
        StageImages stage2Images,
        int epochs,
        int stage2Epoch,
        int warmupEpochs,
        double lr,
        List<Integer> lrDrops,
        double lrFactor,
        int optimizerDropOffset,
        int lookAheadDropOffset,
        int batch,
        double momentum,
        boolean nesterov,
        double weightDecay,
        Reduction lookAheadReduction,
        int developmentBatch,
        double tau,
        double weightingLr,
        boolean weightingNormalised,
        boolean weightingDetached,
        long seed,
        int evaluateEvery,
        LogWeights logWeights,
        Precision precision,

        @JacksonInject(value = "recompute", useInput = OptBoolean.TRUE)
        boolean recompute,

        @JacksonInject(value = "tf32", useInput = OptBoolean.TRUE)
        boolean tf32,

        @JacksonInject(value = "timed-search", useInput = OptBoolean.TRUE)
        boolean timedSearch,

        String device,
        int threads,
        String initFrom) {
    private static final int MAX_THREADS = 4096;
    private static final int MAX_BATCH = 65536;

    /**
     * Checks every number.
     *
     * @throws UserError naming the option and what it may be
     */
    public TrainConfig {
        present("--dataset", dataset);
        present("--protocol", protocol);
        present("--method", method);
        present("--loss", loss);
        present("--development-loss", developmentLoss);
        present("--reduction", reduction);
        present("--stage2-images", stage2Images);
        present("--lr-drops", lrDrops);
        present("--look-ahead-reduction", lookAheadReduction);
        present("--log-weights", logWeights);
        present("--precision", precision);
        present("--device", device);
        lrDrops = List.copyOf(lrDrops);
        threads = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        check(imbalance >= 1 && Double.isFinite(imbalance), "--imbalance", imbalance, "at least 1, such as 100");
        check(depth >= 8 && depth % 6 == 2, "--depth", depth, "6n + 2: 8, 14, 20, 26, 32, 44, 56, 110");
        check(gamma >= 0 && Double.isFinite(gamma), "--gamma", gamma, "at least 0");
        check(ldamScale > 0 && Double.isFinite(ldamScale), "--ldam-scale", ldamScale, "above 0");
        check(ldamMargin >= 0 && Double.isFinite(ldamMargin), "--ldam-margin", ldamMargin, "at least 0");
        check(beta >= 0 && beta < 1, "--beta", beta, "in [0, 1)");
        check(epochs >= 1, "--epochs", epochs, "at least 1");
        check(stage2Epoch >= 0, "--stage2-epoch", stage2Epoch, "at least 0");
        check(warmupEpochs >= 0, "--warmup-epochs", warmupEpochs, "at least 0");
        check(lr > 0 && Double.isFinite(lr), "--lr", lr, "above 0");
        check(lrDrops.stream().allMatch(drop -> drop >= 0), "--lr-drops", lrDrops, "epochs from 0 on");
        check(lrFactor > 0 && lrFactor <= 1, "--lr-factor", lrFactor, "in (0, 1]");
        check((optimizerDropOffset | 1) == 1, "--optimizer-drop-offset", optimizerDropOffset, "0 or 1");
        check((lookAheadDropOffset | 1) == 1, "--look-ahead-drop-offset", lookAheadDropOffset, "0 or 1");
        check(
                batch >= 2 && batch <= MAX_BATCH,
                "--batch",
                batch,
                "in [2, " + MAX_BATCH + "]; batch normalisation needs two images");
        check(momentum >= 0 && momentum < 1, "--momentum", momentum, "in [0, 1)");
        check(weightDecay >= 0 && Double.isFinite(weightDecay), "--weight-decay", weightDecay, "at least 0");
        check(lookAheadReduction != Reduction.WEIGHTED_MEAN, "--look-ahead-reduction", "weighted-mean", "mean or sum");
        check(
                method != Method.L2RW || reduction != Reduction.WEIGHTED_MEAN,
                "--reduction",
                "weighted-mean",
                "mean or sum with l2rw, whose weights may all be 0");
        check(
                developmentBatch >= 2 && developmentBatch <= MAX_BATCH,
                "--development-batch",
                developmentBatch,
                "in [2, " + MAX_BATCH + "]");
        check(tau >= 0 && Double.isFinite(tau), "--tau", tau, "at least 0");
        check(weightingLr > 0 && Double.isFinite(weightingLr), "--weighting-lr", weightingLr, "above 0");
        check(evaluateEvery >= 1, "--evaluate-every", evaluateEvery, "at least 1");
        check(threads >= 1 && threads <= MAX_THREADS, "--threads", threads, "in [0, " + MAX_THREADS + "]");
        if (protocol == Protocol.FULL && looksAhead(method, tau)) {
            throw new UserError("this --method needs a development set: use --protocol development"
                    + (method == Method.OURS ? ", or --tau 0" : ""));
        }
        if (protocol == Protocol.FULL && stage2Images == StageImages.DEVELOPMENT) {
            throw new UserError("--stage2-images development needs a development set: use --protocol development");
        }
    }

    /**
     * The published recipe for CIFAR-LT-10.
     *
     * @return the configuration that options change
     */
    public static TrainConfig defaults() {
        return of(ConfigFiles.defaults(), ConfigFiles.DEFAULTS);
    }

    /**
     * The configuration that a tree describes.
     *
     * @param tree a value for every component, by its name on the command line
     * @param origin names the tree in messages
     * @return the configuration
     * @throws UserError if something is missing, unknown or out of range
     */
    public static TrainConfig of(ObjectNode tree, String origin) {
        return Json.read(tree, TrainConfig.class, origin);
    }

    /**
     * Which stage an epoch belongs to.
     *
     * @param epoch counted from 0
     * @return 1 or 2; a run that changes nothing never leaves stage 1
     */
    public int stage(int epoch) {
        boolean changes = method != Method.UNIFORM || stage2Images != StageImages.TRAIN || lossOf(2) != loss;
        return changes && epoch >= stage2Epoch ? 2 : 1;
    }

    /** Opens the device that is named; the caller closes it. */
    public Device openDevice() {
        return openDevice(device);
    }

    /** Opens a device of another name, to compute as this configuration says. */
    public Device openDevice(String name) {
        return Devices.open(name, new DeviceOptions(threads, tf32, timedSearch));
    }

    /** Returns the loss of a stage. */
    Loss lossOf(int stage) {
        return stage == 2 && stage2Loss != null ? stage2Loss : loss;
    }

    /**
     * Whether stage 2 asks for development batches. With τ = 0 every ε is exactly 0 and the final weights are the class
     * weights, so the step without look-ahead computes the same numbers in a fraction of the time.
     *
     * @return whether it does
     */
    public boolean looksAhead() {
        return looksAhead(method, tau);
    }

    private static boolean looksAhead(Method method, double tau) {
        return method.looksAhead() && !(method == Method.OURS && tau == 0);
    }

    /**
     * The optimiser's learning rate.
     *
     * @param epoch counted from 0
     * @return what an epoch is trained with
     */
    public double learningRate(int epoch) {
        return rate(epoch, optimizerDropOffset);
    }

    /**
     * The look-ahead's step size η.
     *
     * @param epoch counted from 0
     * @return what an epoch is trained with
     */
    public double lookAheadRate(int epoch) {
        return rate(epoch, lookAheadDropOffset);
    }

    private double rate(int epoch, int dropOffset) {
        Passing passing = dropOffset == 1 ? Passing.ONE_EPOCH_BEFORE_DROP : Passing.AT_DROP;
        double warm = epoch < warmupEpochs ? (epoch + 1.0) / warmupEpochs : 1;
        return warm * new StepSchedule(lr, lrFactor, lrDrops, passing).at(epoch);
    }

    /**
     * Whether the test set is looked at after an epoch.
     *
     * @param epoch counted from 0
     * @return always true of the last one
     */
    public boolean evaluatesAfter(int epoch) {
        return (epoch + 1) % evaluateEvery == 0 || epoch + 1 == epochs;
    }

    /**
     * Whether the weight of every example of an epoch is written down.
     *
     * @param epoch counted from 0
     * @return false in stage 1, where all weigh the same
     */
    public boolean logsWeightsOf(int epoch) {
        return stage(epoch) == 2
                && switch (logWeights) {
                    case NONE -> false;
                    case LAST -> epoch + 1 == epochs;
                    case ALL -> true;
                };
    }

    private static void present(String option, Object value) {
        if (value == null) {
            throw new UserError(option + " has no value");
        }
    }

    private static void check(boolean good, String option, Object value, String valid) {
        if (!good) {
            throw new UserError(option + " must be " + valid + ", not " + value);
        }
    }
}
