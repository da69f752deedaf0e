package io.eider.experiments.train;

import io.eider.experiments.UserError;
import io.eider.experiments.data.LongTailSplit.Protocol;
import io.eider.experiments.weighting.Reduction;
import io.eider.models.optim.StepSchedule;
import io.eider.models.optim.StepSchedule.Passing;
import java.util.List;

/**
 * Everything that decides a run's numbers. Same configuration, same device description: same bits.
 *
 * <p>The defaults are the authors' published code. Where the paper says otherwise, the component says so.
 *
 * @param dataset which images
 * @param imbalance imbalance factor n_max/n_min
 * @param protocol with a development set (the paper) or without
 * @param method how examples are weighted
 * @param loss loss of one example
 * @param epochs epochs in all
 * @param stage2Epoch first epoch of stage 2, counted from 0
 * @param lr learning rate of epoch 0, and step size of the look-ahead before its drops
 * @param lrDrops epochs at which both drop
 * @param lrFactor what each drop multiplies by
 * @param optimizerDropOffset k in: epoch e has passed a drop if e + k ≥ drop. 1 in the code, 0 in the paper
 * @param lookAheadDropOffset the same for the look-ahead. 0 in both
 * @param lookAheadReduction how the look-ahead reduces the losses of the batch: sum in the code, mean in the paper
 * @param tau step size of ε; 0 leaves class weights alone
 * @param beta β of the class weights
 * @param batch training images a step
 * @param developmentBatch development images a step
 * @param momentum part of the momentum that stays
 * @param nesterov whether the momentum is Nesterov's
 * @param weightDecay strength of the pull towards zero, on every parameter
 * @param depth layers of the residual network: 6n + 2
 * @param seed the only source of randomness
 * @param evaluateEvery epochs between looks at the test set; the last epoch is always evaluated
 * @param device {@code auto}, {@code cpu}, {@code reference} or another backend
 * @param threads worker threads
 * @param initFrom checkpoint to start from, or null for fresh parameters
 */
public record TrainConfig(
        Dataset dataset,
        double imbalance,
        Protocol protocol,
        Method method,
        Loss loss,
        int epochs,
        int stage2Epoch,
        double lr,
        List<Integer> lrDrops,
        double lrFactor,
        int optimizerDropOffset,
        int lookAheadDropOffset,
        Reduction lookAheadReduction,
        double tau,
        double beta,
        int batch,
        int developmentBatch,
        double momentum,
        boolean nesterov,
        double weightDecay,
        int depth,
        long seed,
        int evaluateEvery,
        String device,
        int threads,
        String initFrom) {
    private static final int MAX_THREADS = 4096;

    /**
     * Checks every number.
     *
     * @throws UserError naming the option and what it may be
     */
    public TrainConfig {
        lrDrops = List.copyOf(lrDrops);
        check(imbalance >= 1 && Double.isFinite(imbalance), "--imbalance", imbalance, "at least 1, such as 100");
        check(epochs >= 1, "--epochs", epochs, "at least 1");
        check(stage2Epoch >= 0, "--stage2-epoch", stage2Epoch, "at least 0");
        check(lr > 0 && Double.isFinite(lr), "--lr", lr, "above 0");
        check(lrDrops.stream().allMatch(drop -> drop >= 0), "--lr-drops", lrDrops, "epochs from 0 on");
        check(lrFactor > 0 && lrFactor <= 1, "--lr-factor", lrFactor, "in (0, 1]");
        check((optimizerDropOffset | 1) == 1, "--optimizer-drop-offset", optimizerDropOffset, "0 or 1");
        check((lookAheadDropOffset | 1) == 1, "--look-ahead-drop-offset", lookAheadDropOffset, "0 or 1");
        check(tau >= 0 && Double.isFinite(tau), "--tau", tau, "at least 0");
        check(beta >= 0 && beta < 1, "--beta", beta, "in [0, 1)");
        check(batch >= 2, "--batch", batch, "at least 2, because batch normalisation needs two images");
        check(developmentBatch >= 2, "--development-batch", developmentBatch, "at least 2");
        check(momentum >= 0 && momentum < 1, "--momentum", momentum, "in [0, 1)");
        check(weightDecay >= 0 && Double.isFinite(weightDecay), "--weight-decay", weightDecay, "at least 0");
        check(depth >= 8 && depth % 6 == 2, "--depth", depth, "6n + 2: 8, 14, 20, 26, 32, 44, 56, 110");
        check(evaluateEvery >= 1, "--evaluate-every", evaluateEvery, "at least 1");
        check(threads >= 1 && threads <= MAX_THREADS, "--threads", threads, "in [1, " + MAX_THREADS + "]");
        if (method == Method.OURS && protocol == Protocol.FULL && tau > 0) {
            throw new UserError("--method ours needs a development set: use --protocol development, or --tau 0");
        }
    }

    /**
     * The published recipe for CIFAR-LT-10.
     *
     * @return the configuration that options change
     */
    public static TrainConfig defaults() {
        return new TrainConfig(
                Dataset.CIFAR10_LT,
                100,
                Protocol.DEVELOPMENT,
                Method.OURS,
                Loss.CE,
                200,
                160,
                0.1,
                List.of(160, 180),
                0.01,
                1,
                0,
                Reduction.SUM,
                0.01,
                0.9999,
                100,
                100,
                0.9,
                true,
                5e-4,
                32,
                1,
                1,
                "auto",
                Runtime.getRuntime().availableProcessors(),
                null);
    }

    /**
     * Whether an epoch weighs its examples.
     *
     * @param epoch counted from 0
     * @return 1 or 2; the baseline never leaves stage 1
     */
    public int stage(int epoch) {
        return method == Method.OURS && epoch >= stage2Epoch ? 2 : 1;
    }

    /**
     * The optimiser's learning rate.
     *
     * @return by epoch
     */
    public StepSchedule learningRate() {
        return new StepSchedule(lr, lrFactor, lrDrops, passing(optimizerDropOffset));
    }

    /**
     * The look-ahead's step size η.
     *
     * @return by epoch
     */
    public StepSchedule lookAheadRate() {
        return new StepSchedule(lr, lrFactor, lrDrops, passing(lookAheadDropOffset));
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

    private static Passing passing(int offset) {
        return offset == 1 ? Passing.ONE_EPOCH_BEFORE_DROP : Passing.AT_DROP;
    }

    private static void check(boolean good, String option, Object value, String valid) {
        if (!good) {
            throw new UserError(option + " must be " + valid + ", not " + value);
        }
    }
}
