package io.eider.experiments.cli;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** The terminal, if a person watches one, and the bars drawn on it. */
final class Terminal {
    /** Takes a bar away, or a log line would begin where the bar ends. */
    static final String ERASE_LINE = "\r\u001b[K";

    private static final int REDRAW_MILLISECONDS = 500;

    private Terminal() {}

    /** Since JDK 22 there is a console even where output goes to a file, and a new method that tells. */
    @SuppressWarnings("SystemConsoleNull") // before JDK 22 null is the answer, since then the method is
    static boolean isThere() {
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

    static ProgressBarBuilder bar(String what, long total) {
        return new ProgressBarBuilder()
                .setTaskName(what)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                // Not the default one, which would draw over the log line that follows it.
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .setUpdateIntervalMillis(REDRAW_MILLISECONDS);
    }
}
