package io.eider.experiments.cli;

import io.eider.experiments.train.EpochMetrics;
import io.eider.experiments.train.LogListener;
import io.eider.experiments.train.RunListener;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A bar with the time left where a person watches; log lines everywhere else. */
final class TerminalProgress implements RunListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("eider");

    private final boolean person = Terminal.isThere();
    private final LogListener log = new LogListener();
    private ProgressBar bar;
    private String task = "";
    private int stepsPerEpoch;

    @Override
    public void started(int epoch, int step, int epochs, int stepsInEpoch) {
        log.started(epoch, step, epochs, stepsInEpoch);
        stepsPerEpoch = stepsInEpoch;
        if (person) {
            show("training", (long) epochs * stepsInEpoch, (long) epoch * stepsInEpoch + step);
        }
    }

    @Override
    public void stepDone(int epoch, int step, double loss) {
        if (person) {
            bar.stepTo((long) epoch * stepsPerEpoch + step + 1);
            bar.setExtraMessage(String.format(Locale.ROOT, " epoch %d, loss %.3f", epoch, loss));
        }
    }

    @Override
    public void epochDone(EpochMetrics metrics) {
        if (person) {
            System.err.print(Terminal.ERASE_LINE);
        }
        log.epochDone(metrics);
    }

    /** Shows how far a piece of work has come; {@code total} is −1 if not known. */
    void work(String what, long done, long total) {
        if (!person) {
            if (!what.equals(task)) {
                task = what;
                LOG.info(what);
            }
            return;
        }
        if (!what.equals(task)) {
            task = what;
            show(what, total, 0);
        }
        bar.stepTo(done);
    }

    private void show(String what, long total, long done) {
        close();
        bar = Terminal.bar(what, total).startsFrom(done, Duration.ZERO).build();
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
