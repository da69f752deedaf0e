package io.eider.experiments.table;

import io.eider.experiments.config.Row;
import io.eider.experiments.report.ShotGroup;
import io.eider.experiments.train.Accuracy;
import io.eider.experiments.train.Statistics;
import io.eider.experiments.train.TrainedRun;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A row of a table: a configuration, with every seed.
 *
 * @param row which
 * @param published the published test error, percent
 * @param cells by seed
 */
record RowResult(Row row, OptionalDouble published, List<CellResult> cells) {
    List<TrainedRun> runs() {
        return cells.stream().map(CellResult::run).flatMap(Optional::stream).toList();
    }

    /** Test error after the last epoch, percent. */
    Summary last() {
        return over(run -> run.last().error());
    }

    /** Test error after the epoch where it was smallest, percent. */
    Summary best() {
        return over(run -> run.best().error());
    }

    /** Ours less the published error; nothing if one is missing. */
    OptionalDouble difference() {
        Summary last = last();
        return last.isEmpty() || published.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(last.mean() - published.getAsDouble());
    }

    /** Mean accuracy over the classes of a group after the last epoch, percent; nothing if no class is in it. */
    Optional<Summary> group(ShotGroup group) {
        boolean has = runs().stream().anyMatch(run -> !members(run, group).isEmpty());
        return has ? Optional.of(over(run -> accuracy(run, group))) : Optional.empty();
    }

    private static double accuracy(TrainedRun run, ShotGroup group) {
        Accuracy last = run.last();
        return members(run, group).stream().mapToDouble(last::ofClass).average().orElse(Double.NaN);
    }

    private static List<Integer> members(TrainedRun run, ShotGroup group) {
        return IntStream.range(0, run.counts().size())
                .filter(c -> ShotGroup.of(run.counts().get(c)) == group)
                .boxed()
                .toList();
    }

    /** Smallest and largest of the classes' means of ε in the last epoch, over all seeds; nothing without ε. */
    Optional<DoubleSummaryStatistics> epsilon() {
        DoubleSummaryStatistics means = runs().stream()
                .flatMap(run -> run.epsilon().stream())
                .filter(statistics -> statistics.count() > 0)
                .mapToDouble(Statistics::mean)
                .summaryStatistics();
        return means.getCount() == 0 ? Optional.empty() : Optional.of(means);
    }

    long count(CellStatus status) {
        return cells.stream().filter(cell -> cell.status() == status).count();
    }

    private Summary over(ToDoubleFunction<TrainedRun> number) {
        return Summary.of(runs().stream().map(run -> number.applyAsDouble(run)).toList());
    }
}
