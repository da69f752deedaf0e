package io.eider.experiments.report;

import io.eider.experiments.Choice;
import io.eider.experiments.train.Accuracy;
import io.eider.experiments.train.TrainConfig;
import io.eider.experiments.train.TrainedRun;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What one run came to, as Markdown. */
public final class ClassReport {
    private ClassReport() {}

    /**
     * Writes the report.
     *
     * @param run a finished run
     * @return Markdown
     */
    public static String of(TrainedRun run) {
        Map<String, Accuracy> columns = new LinkedHashMap<>();
        columns.put("last epoch", run.last());
        columns.put("best epoch", run.best());
        ClassTable table = new ClassTable(run.classNames(), run.counts(), columns);
        TrainConfig config = run.config();
        return String.format(
                        Locale.ROOT,
                        """
                        # %s, imbalance %s, method %s, seed %d

                        Test error %.2f %% after the last epoch (%d).
                        Smallest test error %.2f %%, after epoch %d, which was chosen on the test set.

                        Accuracy on the test set:

                        """,
                        Choice.id(config.dataset()),
                        config.imbalance(),
                        Choice.id(config.method()),
                        config.seed(),
                        run.last().error(),
                        run.last().epoch(),
                        run.best().error(),
                        run.best().epoch())
                + table.groups()
                + "\n"
                + table.classes(run.epsilon());
    }
}
