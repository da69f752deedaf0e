package io.eider.experiments.report;

import io.eider.experiments.Choice;
import io.eider.experiments.train.Accuracy;
import io.eider.experiments.train.EpsilonStatistics;
import io.eider.experiments.train.TrainedRun;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** A run's accuracy by class and by {@link ShotGroup}, as Markdown. */
public final class ClassReport {
    private ClassReport() {}

    /**
     * Writes the report.
     *
     * @param run a finished run
     * @return Markdown
     */
    public static String of(TrainedRun run) {
        return heading(run) + groups(run) + classes(run);
    }

    private static String heading(TrainedRun run) {
        return format(
                        "# %s, imbalance %s, method %s, seed %d\n\n",
                        Choice.id(run.config().dataset()),
                        run.config().imbalance(),
                        Choice.id(run.config().method()),
                        run.config().seed())
                + format(
                        "Test error after the last epoch (%d): %.2f %%.\n",
                        run.last().epoch(), run.last().error())
                + format(
                        "Smallest test error (epoch %d, chosen on the test set): %.2f %%.\n\n",
                        run.best().epoch(), run.best().error());
    }

    private static String groups(TrainedRun run) {
        StringBuilder text =
                new StringBuilder("| classes | number | accuracy, last epoch | best epoch |\n|---|---:|---:|---:|\n");
        for (ShotGroup group : ShotGroup.values()) {
            List<Integer> members = IntStream.range(0, run.counts().size())
                    .filter(c -> ShotGroup.of(run.counts().get(c)).equals(group))
                    .boxed()
                    .toList();
            text.append(format(
                    "| %s | %d | %s | %s |\n",
                    group.title(), members.size(), mean(run.last(), members), mean(run.best(), members)));
        }
        return text.append('\n').toString();
    }

    private static String classes(TrainedRun run) {
        boolean corrected = run.epsilon().stream().anyMatch(epsilon -> epsilon.count() > 0);
        StringBuilder text = new StringBuilder("| class | train images | accuracy, last epoch | best epoch |")
                .append(corrected ? " eps mean | eps min | eps max |" : "")
                .append("\n|---|---:|---:|---:|")
                .append(corrected ? "---:|---:|---:|" : "")
                .append('\n');
        for (int c = 0; c < run.counts().size(); c++) {
            text.append(format(
                    "| %s | %d | %s | %s |",
                    run.classNames().get(c),
                    run.counts().get(c),
                    percent(run.last().ofClass(c)),
                    percent(run.best().ofClass(c))));
            if (corrected) {
                EpsilonStatistics epsilon = run.epsilon().get(c);
                text.append(format(" %.2e | %.2e | %.2e |", epsilon.mean(), epsilon.min(), epsilon.max()));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String mean(Accuracy accuracy, List<Integer> members) {
        return members.isEmpty()
                ? "none"
                : percent(members.stream()
                        .mapToDouble(accuracy::ofClass)
                        .average()
                        .orElseThrow());
    }

    private static String percent(double value) {
        return format("%.2f %%", value);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
