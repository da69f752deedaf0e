package io.eider.experiments.cli;

import io.eider.engine.program.Precision;
import io.eider.experiments.data.LongTailSplit.Protocol;
import io.eider.experiments.train.Dataset;
import io.eider.experiments.train.DevelopmentLoss;
import io.eider.experiments.train.LogWeights;
import io.eider.experiments.train.Loss;
import io.eider.experiments.train.Method;
import io.eider.experiments.train.StageImages;
import io.eider.experiments.weighting.Reduction;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * The options behind {@link io.eider.experiments.train.TrainConfig}, one for each component and of its name. Defaults come
 * from there, so these fields have none; {@link ConfigOptions} reads what was given.
 */
@SuppressWarnings("UnusedVariable") // read by name
final class TrainOptions {
    @Option(names = "--dataset", paramLabel = "NAME", description = "Images: cifar10-lt, cifar100-lt, procedural-lt.")
    private Dataset dataset;

    @Option(
            names = "--imbalance",
            paramLabel = "IF",
            description = "Imbalance factor: images of the largest class over those of the smallest. Paper: 200 to 1.")
    private double imbalance;

    @Option(
            names = "--protocol",
            paramLabel = "NAME",
            description = "development: 10 images per class are set aside as the balanced development set. full: none "
                    + "are.")
    private Protocol protocol;

    @Option(
            names = "--method",
            paramLabel = "NAME",
            description =
                    "How stage 2 weighs images. uniform (or ce): all alike. class-balanced: by the effective number "
                            + "of images. l2rw, meta-weight-net: learned from the development set. ours: class weights plus "
                            + "learned conditional weights.")
    private Method method;

    @Option(
            names = "--loss",
            paramLabel = "NAME",
            description = "Loss of one image: ce, focal, sigmoid-focal, ldam, balanced-softmax.")
    private Loss loss;

    @Option(names = "--stage2-loss", paramLabel = "NAME", description = "The same in stage 2. Default: no change.")
    private Loss stage2Loss;

    @Option(
            names = "--development-loss",
            paramLabel = "NAME",
            description = "Loss of one development image: ce, or training for that of the training images.")
    private DevelopmentLoss developmentLoss;

    @Option(names = "--gamma", paramLabel = "X", description = "Gamma of the focal losses.")
    private double gamma;

    @Option(names = "--ldam-scale", paramLabel = "S", description = "What LDAM multiplies cosines by.")
    private double ldamScale;

    @Option(names = "--ldam-margin", paramLabel = "M", description = "LDAM's margin of the smallest class.")
    private double ldamMargin;

    @Option(
            names = "--reduction",
            paramLabel = "NAME",
            description = "How stage 2 reduces the weighted losses of a batch: mean, sum, weighted-mean.")
    private Reduction reduction;

    @Option(
            names = "--stage2-images",
            paramLabel = "NAME",
            description = "What stage 2 trains on: train (all), balanced (as many of every class as the smallest has), "
                    + "development.")
    private StageImages stage2Images;

    @Option(names = "--epochs", paramLabel = "N", description = "Epochs in all.")
    private int epochs;

    @Option(names = "--stage2-epoch", paramLabel = "E", description = "First epoch of stage 2, counted from 0.")
    private int stage2Epoch;

    @Option(
            names = "--warmup-epochs",
            paramLabel = "N",
            description = "First epochs, in which the learning rate rises to its value.")
    private int warmupEpochs;

    @Option(names = "--lr", paramLabel = "RATE", description = "Learning rate before its drops.")
    private double lr;

    @Option(
            names = "--lr-drops",
            paramLabel = "E",
            split = ",",
            description = "Epochs at which the learning rate drops.")
    private List<Integer> lrDrops;

    @Option(names = "--lr-factor", paramLabel = "X", description = "What each drop multiplies the learning rate by.")
    private double lrFactor;

    @Option(
            names = "--optimizer-drop-offset",
            paramLabel = "K",
            description =
                    "The optimiser's rate has dropped in epoch e (from 0) if e + K >= drop. 1 is the authors' code, "
                            + "0 the paper.")
    private int optimizerDropOffset;

    @Option(
            names = "--look-ahead-drop-offset",
            paramLabel = "K",
            description = "The same for the look-ahead's rate. 0 is the authors' code.")
    private int lookAheadDropOffset;

    @Option(
            names = "--look-ahead-reduction",
            paramLabel = "NAME",
            description = "How the look-ahead reduces the losses of a batch: sum is the authors' code, mean the paper.")
    private Reduction lookAheadReduction;

    @Option(
            names = "--tau",
            paramLabel = "STEP",
            description = "Step size of the conditional weights; 0 leaves the class weights as they are.")
    private double tau;

    @Option(names = "--weighting-lr", paramLabel = "RATE", description = "Learning rate of Meta-Weight-Net's network.")
    private double weightingLr;

    @Option(
            names = "--weighting-normalised",
            negatable = true,
            fallbackValue = "true",
            description = "Scale Meta-Weight-Net's weights of a batch to sum 1. Default: true")
    private boolean weightingNormalised;

    @Option(
            names = "--weighting-detached",
            negatable = true,
            fallbackValue = "true",
            description = "Let Meta-Weight-Net's look-ahead take its losses as constants. Default: false")
    private boolean weightingDetached;

    @Option(names = "--beta", paramLabel = "B", description = "Beta of the class weights (effective number).")
    private double beta;

    @Option(names = "--batch", paramLabel = "N", description = "Training images a step.")
    private int batch;

    @Option(names = "--development-batch", paramLabel = "N", description = "Development images a step, in stage 2.")
    private int developmentBatch;

    @Option(names = "--momentum", paramLabel = "M", description = "Momentum of the optimiser.")
    private double momentum;

    // Without the fallback the parser would make "--nesterov" the opposite of the default.
    @Option(
            names = "--nesterov",
            negatable = true,
            fallbackValue = "true",
            description = "Use Nesterov's momentum. Default: true")
    private boolean nesterov;

    @Option(
            names = "--weight-decay",
            paramLabel = "X",
            description = "Weight decay, on every parameter but the bias of a sigmoid focal loss.")
    private double weightDecay;

    @Option(names = "--depth", paramLabel = "N", description = "Layers of the residual network: 6n + 2.")
    private int depth;

    @Option(names = "--seed", paramLabel = "N", description = "Decides split, initial network, order, augmentation.")
    private long seed;

    @Option(
            names = "--evaluate-every",
            paramLabel = "N",
            description = "Epochs between looks at the test set; the last epoch is always looked at.")
    private int evaluateEvery;

    @Option(
            names = "--log-weights",
            paramLabel = "NAME",
            description = "For which epochs of stage 2 the weight of every image is written down: none, last, all.")
    private LogWeights logWeights;

    @Option(
            names = "--precision",
            paramLabel = "NAME",
            description = "f32, or bf16: images between the layers and the operands of convolutions in 16 bits, "
                    + "parameters, statistics, losses and all sums in 32.")
    private Precision precision;

    @Option(
            names = "--recompute",
            negatable = true,
            fallbackValue = "true",
            description = "Run batch norms again in derivatives instead of keeping all their results: about half the "
                    + "memory, a few percent more time, the same numbers. Default: false")
    private boolean recompute;

    @Option(
            names = "--tf32",
            negatable = true,
            fallbackValue = "true",
            description =
                    "Let convolutions in f32 on a GPU round factors to 11 significant bits, so that tensor cores can "
                            + "multiply them. Default: false")
    private boolean tf32;

    @Option(
            names = "--timed-search",
            negatable = true,
            fallbackValue = "true",
            description =
                    "On a GPU, time the algorithms for every convolution and take the fastest that is deterministic, "
                            + "instead of the one that cuDNN expects to be. A later run may choose, and so round, otherwise. "
                            + "Default: false")
    private boolean timedSearch;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            description =
                    "Where to compute: auto (the fastest there is), cuda, cuda:1, cpu, reference (plain Java, slow).")
    private String device;

    @Option(names = "--threads", paramLabel = "N", description = "Worker threads; 0 for all cores.")
    private int threads;

    @Option(
            names = "--init-from",
            paramLabel = "FILE",
            description = "Begin with the network, momentum and epoch of another run's checkpoint, so that several "
                    + "methods can be compared from the same stage 1.")
    private String initFrom;
}
