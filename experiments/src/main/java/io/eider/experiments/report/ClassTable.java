package io.eider.experiments.report;

import io.eider.experiments.train.Accuracy;
import io.eider.experiments.train.Statistics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Accuracies side by side, by class and by {@link ShotGroup}, as Markdown tables that read well as plain text.
 *
 * @param classNames by class
 * @param counts training images by class
 * @param columns accuracies by heading, in order
 */
public record ClassTable(List<String> classNames, List<Integer> counts, Map<String, Accuracy> columns) {
    /** Copies the columns, keeping their order. */
    public ClassTable {
        columns = new LinkedHashMap<>(columns);
    }

    /**
     * Mean accuracies over the classes of each group, and over all.
     *
     * @return Markdown
     */
    public String groups() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row(List.of("classes", "number"), List.copyOf(columns.keySet())));
        for (ShotGroup group : ShotGroup.values()) {
            List<Integer> members = IntStream.range(0, counts.size())
                    .filter(c -> ShotGroup.of(counts.get(c)).equals(group))
                    .boxed()
                    .toList();
            if (!members.isEmpty()) {
                rows.add(row(
                        List.of(group.title(), "" + members.size()),
                        cells(accuracy -> members.stream()
                                .mapToDouble(accuracy::ofClass)
                                .average()
                                .orElseThrow())));
            }
        }
        rows.add(row(List.of("all", "" + counts.size()), cells(accuracy -> 100 - accuracy.error())));
        return TextTable.of(rows);
    }

    /**
     * Accuracies of each class.
     *
     * @return Markdown
     */
    public String classes() {
        return classes(List.of());
    }

    /**
     * Accuracies of each class, and its conditional weights.
     *
     * @param epsilon by class; left out if there are none
     * @return Markdown
     */
    public String classes(List<Statistics> epsilon) {
        boolean corrected = epsilon.stream().anyMatch(statistics -> statistics.count() > 0);
        List<String> heading = new ArrayList<>(columns.keySet());
        if (corrected) {
            heading.addAll(List.of("eps mean", "eps min", "eps max"));
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(row(List.of("class", "train images"), heading));
        for (int i = 0; i < counts.size(); i++) {
            int c = i;
            List<String> cells = new ArrayList<>(cells(accuracy -> accuracy.ofClass(c)));
            if (corrected) {
                Statistics statistics = epsilon.get(c);
                cells.addAll(List.of(
                        scientific(statistics.mean()), scientific(statistics.min()), scientific(statistics.max())));
            }
            rows.add(row(List.of(classNames.get(c), "" + counts.get(c)), cells));
        }
        return TextTable.of(rows);
    }

    private List<String> cells(ToDoubleFunction<Accuracy> value) {
        return columns.values().stream()
                .map(accuracy -> String.format(Locale.ROOT, "%.2f %%", value.applyAsDouble(accuracy)))
                .toList();
    }

    private static String scientific(double value) {
        return String.format(Locale.ROOT, "%.2e", value);
    }

    private static List<String> row(List<String> first, List<String> rest) {
        List<String> row = new ArrayList<>(first);
        row.addAll(rest);
        return row;
    }
}
