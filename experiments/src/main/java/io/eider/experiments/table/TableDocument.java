package io.eider.experiments.table;

import io.eider.experiments.report.Block;
import io.eider.experiments.report.Block.Entry;
import io.eider.experiments.report.Block.Kind;
import io.eider.experiments.report.ShotGroup;
import io.eider.experiments.train.TrainedRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** The tables' report, before it is known how it is written. */
final class TableDocument {
    private static final String NONE = "—";

    private final TableResult table;
    private final List<Block> blocks = new ArrayList<>();

    private TableDocument(TableResult table) {
        this.table = table;
    }

    static List<Block> of(TableResult table) {
        return new TableDocument(table).write();
    }

    static String title(TableResult table) {
        return table.dataset() + ": results beside the paper's";
    }

    private List<Block> write() {
        blocks.add(new Block.Heading(1, title(table)));
        Comparability.warnings(table).forEach(warning -> blocks.add(new Block.Warning(warning)));
        List<String> failures = table.failures();
        if (!failures.isEmpty()) {
            blocks.add(new Block.Warning(
                    failures.size() + " of " + table.cells().count() + " cells failed; the reasons are below"));
        }
        blocks.add(
                new Block.Paragraph(
                        "Test errors in percent: mean ± standard deviation over the seeds (n − 1 in its denominator). The best "
                                + "epoch was chosen on the test set, so it is no honest estimate. Difference: last epoch less "
                                + "paper; a dash where the paper has no number. ε: smallest and largest of the classes' means in the last epoch."));
        table.factors().forEach(this::factor);
        blocks.add(new Block.Heading(2, "Cells"));
        blocks.add(CellList.of(table));
        if (!failures.isEmpty()) {
            blocks.add(new Block.Heading(2, "Failed cells"));
            blocks.add(new Block.Items(failures));
        }
        Places places = Places.of(table);
        if (!places.lines().isEmpty()) {
            blocks.add(new Block.Heading(2, "Machines and devices"));
            blocks.add(new Block.Items(places.lines()));
        }
        return blocks;
    }

    private void factor(FactorResult factor) {
        blocks.add(new Block.Heading(2, table.dataset() + ", imbalance " + factor.factor()));
        blocks.add(new Block.Table(
                List.of(
                        "row",
                        "paper",
                        "last epoch",
                        "best epoch (chosen on the test set)",
                        "last − paper",
                        "seeds",
                        "class-mean ε, last epoch"),
                factor.rows().stream().map(TableDocument::errors).toList()));
        blocks.add(new Block.Heading(3, "Accuracy by number of training images, last epoch, percent"));
        List<String> headings = new ArrayList<>(List.of("row"));
        Arrays.stream(ShotGroup.values()).map(group -> heading(factor, group)).forEach(headings::add);
        headings.add("all");
        blocks.add(new Block.Table(
                headings, factor.rows().stream().map(TableDocument::groups).toList()));
    }

    private static List<Entry> errors(RowResult row) {
        return List.of(
                title(row),
                row.published().isPresent() ? Entry.of(percent(row.published().getAsDouble())) : absent(NONE),
                summary(row, row.last(), Kind.STRONG),
                summary(row, row.best(), Kind.PLAIN),
                row.difference().isPresent() ? Entry.of(signed(row.difference())) : absent(NONE),
                seeds(row),
                row.epsilon()
                        .map(means -> Entry.of(scientific(means.getMin()) + " … " + scientific(means.getMax())))
                        .orElse(Entry.of("")));
    }

    private static List<Entry> groups(RowResult row) {
        List<Entry> entries = new ArrayList<>(List.of(title(row)));
        for (ShotGroup group : ShotGroup.values()) {
            entries.add(row.group(group)
                    .map(summary -> Entry.of(summary.toString()))
                    .orElseGet(() -> absent(row.runs().isEmpty() ? state(row) : NONE)));
        }
        Summary error = row.last();
        entries.add(summary(row, new Summary(error.n(), 100 - error.mean(), error.deviation()), Kind.PLAIN));
        return entries;
    }

    /** Says how many classes a group has, where a run tells. */
    private static String heading(FactorResult factor, ShotGroup group) {
        Optional<TrainedRun> any =
                factor.rows().stream().flatMap(row -> row.runs().stream()).findFirst();
        return group.title() + any.map(run -> ", " + classes(run, group)).orElse("");
    }

    private static String classes(TrainedRun run, ShotGroup group) {
        long classes = run.counts().stream()
                .filter(count -> ShotGroup.of(count) == group)
                .count();
        return classes + (classes == 1 ? " class" : " classes");
    }

    private static Entry title(RowResult row) {
        return new Entry(row.row().title(), row.row().name(), Kind.PLAIN);
    }

    private static Entry summary(RowResult row, Summary summary, Kind kind) {
        return summary.isEmpty() ? absent(state(row)) : new Entry(summary.toString(), "", kind);
    }

    private static Entry absent(String text) {
        return new Entry(text, "", text.equals("failed") ? Kind.BAD : Kind.ABSENT);
    }

    /** What a row without results is. */
    private static String state(RowResult row) {
        if (row.count(CellStatus.FAILED) > 0) {
            return "failed";
        }
        return row.count(CellStatus.UNFINISHED) > 0 ? "unfinished" : "missing";
    }

    /** How many seeds there are results of, and what the others are. */
    private static Entry seeds(RowResult row) {
        int n = row.runs().size();
        int of = row.cells().size();
        if (n == of) {
            return Entry.of("" + n);
        }
        List<String> parts = new ArrayList<>(List.of(n + " of " + of));
        Function<CellStatus, String> count =
                status -> row.count(status) + " " + status.name().toLowerCase(Locale.ROOT);
        for (CellStatus status : List.of(CellStatus.FAILED, CellStatus.UNFINISHED, CellStatus.MISSING)) {
            if (row.count(status) > 0) {
                parts.add(count.apply(status));
            }
        }
        return new Entry(String.join(", ", parts), "", row.count(CellStatus.FAILED) > 0 ? Kind.BAD : Kind.ABSENT);
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String signed(OptionalDouble value) {
        return String.format(Locale.ROOT, "%+.2f", value.getAsDouble()).replace('-', '−');
    }

    private static String scientific(double value) {
        return String.format(Locale.ROOT, "%.1e", value).replace('-', '−');
    }
}
