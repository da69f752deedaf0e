package io.eider.experiments.train;

import io.eider.engine.op.InvalidExampleException;
import io.eider.experiments.data.Batch;
import io.eider.experiments.data.BatchStream;
import io.eider.experiments.data.DevelopmentBatches;
import io.eider.experiments.data.TrainBatches;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The one trainer: every method is this loop with other steps.
 *
 * <p>Batches are numbered by iteration, counted over the whole run, and are pure functions of their number; everything else
 * that a run depends on is in its checkpoints. So a run that goes on from a checkpoint ends with the same bits.
 */
public final class Trainer implements AutoCloseable {
    private static final int BUFFERS = 4;

    private final RunIdentity identity;
    private final TrainConfig config;
    private final Learner learner;
    private final LongTailData data;
    private final RunFolder folder;
    private final RunListener listener;
    private TrainBatches source;
    private BatchStream train;
    private final Optional<BatchStream> development;
    private final int developmentBatch;
    private final TestSet test;
    private final RunTables tables;
    private final EpochTotals totals;
    private StageSteps steps;

    /** What runs next; after the end of an epoch what ran last. */
    private BatchStep prepared;

    private TrainingState state;

    /**
     * A trainer of one run.
     *
     * @param identity which run, and its configuration
     * @param learner what is trained; its variables hold the numbers of {@code state}
     * @param data the images
     * @param folder where results go
     * @param state where to begin
     * @param listener hears how it goes
     */
    Trainer(
            RunIdentity identity,
            Learner learner,
            LongTailData data,
            RunFolder folder,
            TrainingState state,
            RunListener listener) {
        this.identity = identity;
        this.config = identity.configuration();
        this.learner = learner;
        this.data = data;
        this.folder = folder;
        this.state = state;
        this.listener = listener;
        if (config.looksAhead()) {
            DevelopmentBatches drawn = new DevelopmentBatches(
                    data.images(), data.split().development(), config.developmentBatch(), config.seed());
            development = Optional.of(new BatchStream(drawn, BUFFERS));
            developmentBatch = drawn.batchSize();
        } else {
            development = Optional.empty();
            developmentBatch = 0;
        }
        test = new TestSet(data.test(), learner);
        tables = new RunTables(
                folder.path(), data.images().classNames(), data.split().counts());
        totals = new EpochTotals(data.images().classes());
    }

    /**
     * Trains to the last epoch, saving as it goes.
     *
     * @param checkpointEvery steps between checkpoints within an epoch; 0 for none
     * @return the state at the end
     * @throws TrainingFailedException if a number cannot be computed with; what was saved stays
     */
    TrainingState run(int checkpointEvery) {
        tables.keepBefore(state.epoch());
        totals.restore(state.totals());
        while (state.epoch() < config.epochs()) {
            epoch(state.epoch(), checkpointEvery);
        }
        return state;
    }

    private void epoch(int epoch, int checkpointEvery) {
        enter(config.stage(epoch));
        double lr = config.learningRate(epoch);
        double eta = config.lookAheadRate(epoch);
        Optional<ExampleWeights> log =
                config.logsWeightsOf(epoch) ? Optional.of(new ExampleWeights(source.images())) : Optional.empty();
        int first = state.step();
        long imagesBefore = state.totals().examples();
        long start = System.nanoTime();
        prepared = prepare(lr, eta);
        for (int step = first; step < source.stepsPerEpoch(); step++) {
            listener.stepDone(epoch, step, step(epoch, step, lr, eta, log));
            int done = step + 1;
            if (checkpointEvery > 0 && done % checkpointEvery == 0 && done < source.stepsPerEpoch()) {
                state = state.at(done, totals.snapshot());
                save(folder.last());
            }
        }
        long trained = System.nanoTime();
        Optional<Confusion> confusion = config.evaluatesAfter(epoch) ? Optional.of(evaluate(epoch)) : Optional.empty();
        confusion.ifPresent(
                found -> folder.write("confusion.csv", found.csv(data.images().classNames())));
        log.ifPresent(weights -> folder.weights(config, epoch).forEach(file -> weights.write(file, epoch)));
        EpochTotals.Snapshot sums = totals.snapshot();
        EpochMetrics metrics = new EpochMetrics(
                epoch,
                steps.stage(),
                lr,
                eta,
                prepared.lookAheadMoved(),
                sums,
                confusion.map(found -> found.accuracy(epoch)),
                source.stepsPerEpoch() - first,
                sums.examples() - imagesBefore,
                seconds(trained - start),
                seconds(System.nanoTime() - trained));
        finish(metrics);
    }

    /** The order matters: whatever is interrupted here is done again, with the same bits, from the last checkpoint. */
    private void finish(EpochMetrics metrics) {
        tables.append(metrics);
        boolean best = state.improves(metrics.test());
        state = state.next(metrics.totals(), metrics.test());
        if (best) {
            save(folder.best());
        }
        save(folder.last());
        totals.clear();
        listener.epochDone(metrics);
    }

    private void save(Path file) {
        new RunCheckpoint(identity, state).save(file, learner);
    }

    /** Takes the next batches, so that a step can start. */
    private BatchStep prepare(double lr, double eta) {
        Batch batch = train.next();
        BatchStep step = steps.of(batch.size());
        step.batch(batch);
        if (steps.looksAhead()) {
            step.developmentBatch(development.orElseThrow().next());
        }
        step.upload(lr, eta, config.tau());
        return step;
    }

    /** Runs what is prepared, and meanwhile prepares the step after it, if there is one in this epoch. */
    private double step(int epoch, int step, double lr, double eta, Optional<ExampleWeights> log) {
        BatchStep running = prepared;
        try {
            running.start();
            if (step + 1 < source.stepsPerEpoch()) {
                prepared = prepare(lr, eta);
            }
            return running.finish(totals, log);
        } catch (InvalidExampleException e) {
            throw new TrainingFailedException(
                    "epoch " + epoch + ", step " + step + ": " + e.getMessage() + "; what was saved before it is in "
                            + folder.path(),
                    e);
        }
    }

    private Confusion evaluate(int epoch) {
        try {
            return test.classify();
        } catch (InvalidExampleException e) {
            throw new TrainingFailedException(
                    "test after epoch " + epoch + ": " + e.getMessage() + "; what was saved before it is in "
                            + folder.path(),
                    e);
        }
    }

    /** Makes the steps of a stage, unless they are those of the epoch before. */
    private void enter(int stage) {
        if (steps != null && steps.stage() == stage) {
            return;
        }
        leaveStage();
        int[] images = stage == 2
                ? config.stage2Images().of(data.split(), data.images())
                : data.split().train();
        steps = new StageSteps(config, learner, folder, stage, data.split().counts(), developmentBatch);
        source = new TrainBatches(data.images(), images, config.batch(), config.seed());
        train = new BatchStream(source, BUFFERS);
        train.startAt(source.iteration(state.epoch(), state.step()));
        listener.started(state.epoch(), state.step(), config.epochs(), source.stepsPerEpoch());
        if (steps.looksAhead()) {
            development.orElseThrow().startAt(source.iteration(state.epoch(), state.step()));
        }
    }

    private static double seconds(long nanoseconds) {
        return nanoseconds / 1e9;
    }

    @Override
    public void close() {
        development.ifPresent(BatchStream::close);
        test.close();
        leaveStage();
    }

    private void leaveStage() {
        if (train != null) {
            train.close();
            train = null;
        }
        if (steps != null) {
            steps.close();
            steps = null;
        }
    }
}
