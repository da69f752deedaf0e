package io.eider.experiments.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a run writes after every epoch: {@code metrics.csv}, one row an epoch; {@code classes.csv}, one row an epoch and
 * class; {@code timing.csv}, apart from the others because it alone differs when a run is repeated.
 */
final class RunTables {
    private final EpochTable metrics;
    private final EpochTable classes;
    private final EpochTable timing;
    private final List<String> classNames;
    private final int[] counts;

    RunTables(Path folder, List<String> classNames, int[] counts) {
        this.classNames = classNames;
        this.counts = counts;
        metrics = new EpochTable(
                folder.resolve("metrics.csv"),
                List.of(
                        "epoch",
                        "stage",
                        "lr",
                        "eta",
                        "train_loss",
                        "train_weighted_loss",
                        "train_error",
                        "test_error",
                        "eps_mean",
                        "eps_sd",
                        "eps_min",
                        "eps_max",
                        "look_ahead_moved"));
        classes = new EpochTable(
                folder.resolve("classes.csv"),
                List.of(
                        "epoch",
                        "class",
                        "name",
                        "train_images",
                        "test_accuracy",
                        "eps_mean",
                        "eps_sd",
                        "eps_min",
                        "eps_max",
                        "weight_mean",
                        "weight_sd",
                        "weight_min",
                        "weight_max"));
        timing = new EpochTable(
                folder.resolve("timing.csv"), List.of("epoch", "train_seconds", "images_per_second", "test_seconds"));
    }

    void keepBefore(int epoch) {
        metrics.keepBefore(epoch);
        classes.keepBefore(epoch);
        timing.keepBefore(epoch);
    }

    void append(EpochMetrics epoch) {
        EpochTotals.Snapshot totals = epoch.totals();
        metrics.append(List.of(row(
                List.of(
                        number(epoch.epoch()),
                        number(epoch.stage()),
                        rate(epoch.learningRate()),
                        epoch.stage() == 2 ? rate(epoch.eta()) : "",
                        decimal(totals.meanLoss()),
                        decimal(totals.meanWeightedLoss()),
                        decimal(totals.error()),
                        epoch.test().map(test -> decimal(test.error())).orElse("")),
                row(summary(totals.allEpsilon()), List.of(share(epoch.lookAheadMoved()))))));
        List<List<String>> rows = new ArrayList<>();
        for (int c = 0; c < classNames.size(); c++) {
            rows.add(row(
                    List.of(
                            number(epoch.epoch()),
                            number(c),
                            classNames.get(c),
                            number(counts[c]),
                            accuracy(epoch.test(), c)),
                    row(
                            summary(totals.epsilon().get(c)),
                            summary(totals.weights().get(c)))));
        }
        classes.append(rows);
        timing.append(List.of(List.of(
                number(epoch.epoch()),
                decimal(epoch.trainSeconds()),
                decimal(epoch.imagesPerSecond()),
                decimal(epoch.testSeconds()))));
    }

    private static String accuracy(Optional<Accuracy> test, int c) {
        return test.map(accuracy -> decimal(accuracy.ofClass(c))).orElse("");
    }

    private static String share(OptionalDouble share) {
        return share.isPresent() ? decimal(share.getAsDouble()) : "";
    }

    private static List<String> summary(Statistics numbers) {
        return numbers.count() == 0
                ? List.of("", "", "", "")
                : List.of(
                        scientific(numbers.mean()),
                        scientific(numbers.deviation()),
                        scientific(numbers.min()),
                        scientific(numbers.max()));
    }

    private static List<String> row(List<String> first, List<String> rest) {
        List<String> row = new ArrayList<>(first);
        row.addAll(rest);
        return row;
    }

    private static String number(long value) {
        return Long.toString(value);
    }

    /** Without the tail of digits that powers of a decimal factor have. */
    private static String rate(double value) {
        return Float.toString((float) value);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.6f", value);
    }

    private static String scientific(double value) {
        return String.format(Locale.ROOT, "%.6e", value);
    }
}
