package io.eider.experiments.train;

import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one line an epoch to the log. */
public final class LogListener implements RunListener {
    private static final Logger LOG = LoggerFactory.getLogger("eider.train");

    private final String prefix;
    private int epochs;
    private int stepsPerEpoch;

    /** A listener for one run. */
    public LogListener() {
        this("");
    }

    /**
     * A listener for one of several runs at a time.
     *
     * @param prefix what its lines begin with
     */
    public LogListener(String prefix) {
        this.prefix = prefix;
    }

    @Override
    public void started(int epoch, int step, int epochs, int stepsPerEpoch) {
        this.epochs = epochs;
        this.stepsPerEpoch = stepsPerEpoch;
    }

    @Override
    public void epochDone(EpochMetrics metrics) {
        LOG.info(prefix + line(metrics, epochs, stepsPerEpoch));
    }

    private static String line(EpochMetrics metrics, int epochs, int stepsPerEpoch) {
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "epoch %d of %d, stage %d, lr %s: loss %.4f, train error %.2f %%",
                metrics.epoch(),
                epochs,
                metrics.stage(),
                (float) metrics.learningRate(),
                metrics.totals().meanLoss(),
                metrics.totals().error()));
        metrics.test().ifPresent(test -> line.append(String.format(Locale.ROOT, ", test error %.2f %%", test.error())));
        Statistics epsilon = metrics.totals().allEpsilon();
        if (epsilon.count() > 0) {
            line.append(String.format(
                    Locale.ROOT, ", eps mean %.2e in [%.2e, %.2e]", epsilon.mean(), epsilon.min(), epsilon.max()));
        }
        double epochSeconds = metrics.trainSeconds() / metrics.steps() * stepsPerEpoch + metrics.testSeconds();
        Duration left = Duration.ofSeconds(Math.round(epochSeconds * (epochs - 1 - metrics.epoch())));
        return line.append(String.format(
                        Locale.ROOT,
                        ", %.0f images/s, %d:%02d:%02d left",
                        metrics.imagesPerSecond(),
                        left.toHours(),
                        left.toMinutesPart(),
                        left.toSecondsPart()))
                .toString();
    }
}
