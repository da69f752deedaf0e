package io.eider.experiments.cli;

import io.eider.experiments.table.Cell;
import io.eider.experiments.table.TableListener;
import io.eider.experiments.train.EpochMetrics;
import io.eider.experiments.train.LogListener;
import io.eider.experiments.train.RunListener;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One bar for the whole table where a person watches; a line a cell and a line an epoch everywhere. */
final class TableProgress implements TableListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("eider.table");
    private static final int PARTS = 10_000;

    private final boolean named;
    private final Optional<ProgressBar> bar;

    /** Lines of cells are named if there are several cells at a time. */
    TableProgress(int jobs) {
        named = jobs > 1;
        bar = Terminal.isThere()
                ? Optional.of(Terminal.bar("table", PARTS).hideEta().build())
                : Optional.empty();
    }

    @Override
    public RunListener started(Cell cell, int number, int cells, Optional<Duration> left) {
        makeRoom();
        LOG.info(
                "cell {} of {}: {}{}",
                number,
                cells,
                cell.name(),
                left.map(time -> ", about " + text(time) + " left for all").orElse(""));
        return lines(cell);
    }

    @Override
    public void progressed(double share, Optional<Duration> left) {
        bar.ifPresent(drawn -> {
            drawn.stepTo(Math.round(share * PARTS));
            drawn.setExtraMessage(
                    left.map(time -> " about " + text(time) + " left").orElse(""));
        });
    }

    @Override
    public void failed(Cell cell, String reason) {
        makeRoom();
        LOG.warn("{} failed: {}", cell.name(), reason);
    }

    private RunListener lines(Cell cell) {
        LogListener log = new LogListener(named ? cell.name() + ": " : "");
        return new RunListener() {
            @Override
            public void started(int epoch, int step, int epochs, int stepsPerEpoch) {
                log.started(epoch, step, epochs, stepsPerEpoch);
            }

            @Override
            public void epochDone(EpochMetrics metrics) {
                makeRoom();
                log.epochDone(metrics);
            }
        };
    }

    private void makeRoom() {
        bar.ifPresent(drawn -> System.err.print(Terminal.ERASE_LINE));
    }

    private static String text(Duration time) {
        return String.format(Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart());
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
    }
}
