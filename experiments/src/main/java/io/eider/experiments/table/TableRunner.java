package io.eider.experiments.table;

import io.eider.experiments.report.ReportedRun;
import io.eider.experiments.train.EpochMetrics;
import io.eider.experiments.train.ImageSource;
import io.eider.experiments.train.LongTailData;
import io.eider.experiments.train.RunListener;
import io.eider.experiments.train.TrainConfig;
import io.eider.experiments.train.Work;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains the cells of a table that are not complete, in order, some at a time. All that it knows is in the cells' folders, so
 * it may be killed at any moment and started again.
 */
public final class TableRunner {
    private static final Logger LOG = LoggerFactory.getLogger("eider.table");

    private final TablePlan plan;
    private final String device;
    private final ImageSource images;
    private final TableListener listener;
    private final Runnable afterCell;
    private final TimeLeft timeLeft = new TimeLeft();
    private final Object turn = new Object();
    private volatile boolean stopped;

    /**
     * A runner.
     *
     * @param plan what to train
     * @param device the name of the device that all cells are trained on, each with one of its own; not {@code auto}, which
     *     might find another one for a later cell
     * @param images of all cells
     * @param listener hears how it goes
     * @param afterCell is run whenever a cell has ended
     */
    public TableRunner(TablePlan plan, String device, ImageSource images, TableListener listener, Runnable afterCell) {
        this.plan = plan;
        this.device = device;
        this.images = images;
        this.listener = listener;
        this.afterCell = afterCell;
    }

    /**
     * Trains until every cell is complete or has failed, or the device has.
     *
     * @param retryFailed whether cells that failed before are tried again
     */
    public void run(boolean retryFailed) {
        plan.cells().stream()
                .filter(cell -> cell.folder().status() == CellStatus.COMPLETE)
                .forEach(cell -> ReportedRun.complete(cell.folder().path()));
        List<PlannedCell> open = plan.cells().stream()
                .filter(cell -> isOpen(cell.folder().status(), retryFailed))
                .toList();
        LOG.info(
                "{} of {} cells to train, {} at a time",
                open.size(),
                plan.cells().size(),
                plan.jobs());
        open.forEach(cell -> timeLeft.expect(
                cell.cell(),
                work(cell.config(), CellTime.read(cell.folder().path()).epochs())));
        ExecutorService workers = Executors.newFixedThreadPool(plan.jobs(), TableRunner::worker);
        ExecutorCompletionService<Object> done = new ExecutorCompletionService<>(workers);
        open.forEach(cell -> done.submit(() -> train(cell), cell));
        try {
            for (int i = 0; i < open.size(); i++) {
                done.take().get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while cells are trained", e);
        } catch (ExecutionException e) {
            throw unchecked(e.getCause());
        } finally {
            // Without an interrupt, which would fail the files that other cells are writing.
            workers.shutdown();
        }
    }

    private static boolean isOpen(CellStatus status, boolean retryFailed) {
        return switch (status) {
            case COMPLETE -> false;
            case FAILED -> retryFailed;
            case UNFINISHED, MISSING -> true;
        };
    }

    /** Ends with the process even while it trains. */
    private static Thread worker(Runnable work) {
        Thread thread = new Thread(work, "eider-table");
        thread.setDaemon(true);
        return thread;
    }

    private static RuntimeException unchecked(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException mistake ? mistake : new IllegalStateException(failure);
    }

    private void train(PlannedCell planned) {
        if (stopped) {
            return;
        }
        try {
            Cell cell = planned.cell();
            LongTailData data = images.of(planned.config());
            Optional<String> failure = CellTraining.run(planned, device, plan.changes(), data, start(planned, data));
            synchronized (turn) {
                timeLeft.end(cell);
                failure.ifPresent(reason -> listener.failed(cell, reason));
                listener.progressed(timeLeft.share(), timeLeft.at(plan.jobs()));
                afterCell.run();
            }
        } catch (RuntimeException | Error e) {
            stopped = true;
            throw e;
        }
    }

    private RunListener start(PlannedCell planned, LongTailData data) {
        synchronized (turn) {
            int number = plan.cells().indexOf(planned) + 1;
            RunListener cell =
                    listener.started(planned.cell(), number, plan.cells().size(), timeLeft.at(plan.jobs()));
            return new Watch(planned, data, cell);
        }
    }

    private Work work(TrainConfig config, int epoch) {
        return Work.of(config, images.of(config), epoch);
    }

    /** Keeps {@link TimeLeft} up to date. */
    private final class Watch implements RunListener {
        private final PlannedCell planned;
        private final LongTailData data;
        private final RunListener cell;

        Watch(PlannedCell planned, LongTailData data, RunListener cell) {
            this.planned = planned;
            this.data = data;
            this.cell = cell;
        }

        @Override
        public void started(int epoch, int step, int epochs, int stepsPerEpoch) {
            cell.started(epoch, step, epochs, stepsPerEpoch);
        }

        @Override
        public void stepDone(int epoch, int step, double loss) {
            cell.stepDone(epoch, step, loss);
        }

        @Override
        public void epochDone(EpochMetrics metrics) {
            TrainConfig config = planned.config();
            synchronized (turn) {
                cell.epochDone(metrics);
                timeLeft.epoch(
                        planned.cell(),
                        metrics,
                        metrics.stage() == 2 && config.looksAhead(),
                        data.test().size(),
                        Work.of(config, data, metrics.epoch() + 1));
                listener.progressed(timeLeft.share(), timeLeft.at(plan.jobs()));
            }
        }
    }
}
