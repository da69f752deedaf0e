package io.eider.experiments.cli;

import io.eider.experiments.train.EpochMetrics;
import io.eider.experiments.train.LogListener;
import io.eider.experiments.train.RunListener;
import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A bar with the time left where a person watches; log lines everywhere else. */
final class TerminalProgress implements RunListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("eider");
    private static final int REDRAW_MILLISECONDS = 500;
    private static final String ERASE_LINE = "\r\u001b[K";

    private final boolean person = isTerminal();
    private final LogListener log = new LogListener();
    private ProgressBar bar;
    private String task = "";
    private long stepsBefore;
    private int stepsPerEpoch;

    @Override
    public void started(int epoch, int step, int epochs, int stepsInEpoch) {
        log.started(epoch, step, epochs, stepsInEpoch);
        stepsPerEpoch = stepsInEpoch;
        stepsBefore = (long) epoch * stepsInEpoch + step;
        if (person) {
            show("training", (long) epochs * stepsInEpoch);
            bar.stepTo(stepsBefore);
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
            System.err.print(ERASE_LINE); // or the log line would begin where the bar ends
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
            show(what, total);
        }
        bar.stepTo(done);
    }

    private void show(String what, long total) {
        close();
        bar = new ProgressBarBuilder()
                .setTaskName(what)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                // Not the default one, which would draw over the log line that follows it.
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .setUpdateIntervalMillis(REDRAW_MILLISECONDS)
                .build();
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    /** Since JDK 22 there is a console even where output goes to a file, and a new method that tells. */
    @SuppressWarnings("SystemConsoleNull") // before JDK 22 null is the answer, since then the method is
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("a public method without side effects failed", e);
        }
    }
}
