package io.eider.experiments.table;

import io.eider.experiments.report.Block;
import io.eider.experiments.report.Block.Entry;
import io.eider.experiments.report.Block.Kind;
import io.eider.experiments.train.Accuracy;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Every cell of a table with what it was trained from, by what, where and how long. */
final class CellList {
    private static final int SHORT = 12;

    private CellList() {}

    static Block of(TableResult table) {
        Places places = Places.of(table);
        return new Block.Table(
                List.of(
                        "cell",
                        "seed",
                        "status",
                        "last",
                        "best",
                        "best epoch",
                        "epochs",
                        "schedule",
                        "wall time",
                        "tests",
                        "split",
                        "version",
                        "where"),
                table.cells().map(cell -> row(cell, places)).toList());
    }

    private static List<Entry> row(CellResult cell, Places places) {
        Optional<Accuracy> last = cell.run().map(run -> run.last());
        Optional<Accuracy> best = cell.run().map(run -> run.best());
        String split = cell.text("/split/sha256");
        String where = places.letter(cell);
        return List.of(
                Entry.of("if" + cell.cell().config().factor() + "/"
                        + cell.cell().config().row().name()),
                Entry.of("" + cell.cell().seed()),
                status(cell),
                Entry.of(last.map(CellList::percent).orElse("")),
                Entry.of(best.map(CellList::percent).orElse("")),
                Entry.of(best.map(accuracy -> "" + accuracy.epoch()).orElse("")),
                Entry.of(epochs(cell)),
                Entry.of(cell.epochsScale() == 1 ? "" : "× " + cell.epochsScale()),
                Entry.of(time(cell.time().trainSeconds() + cell.time().testSeconds())),
                Entry.of(time(cell.time().testSeconds())),
                new Entry(split.substring(0, Math.min(SHORT, split.length())), split, Kind.PLAIN),
                Entry.of(cell.text("/version")),
                new Entry(where, where.isEmpty() ? "" : Places.description(cell), Kind.PLAIN));
    }

    private static Entry status(CellResult cell) {
        String name = cell.status().name().toLowerCase(Locale.ROOT);
        return switch (cell.status()) {
            case COMPLETE -> Entry.of(name);
            case FAILED -> new Entry(name, cell.failure().orElse(""), Kind.BAD);
            case UNFINISHED, MISSING -> new Entry(name, "", Kind.ABSENT);
        };
    }

    private static String percent(Accuracy accuracy) {
        return String.format(Locale.ROOT, "%.2f", accuracy.error());
    }

    private static String epochs(CellResult cell) {
        int done = cell.time().epochs();
        String all = cell.text("/configuration/epochs");
        if (all.isEmpty()) {
            return "";
        }
        return all.equals("" + done) ? "" + done : done + " of " + all;
    }

    private static String time(double seconds) {
        if (seconds == 0) {
            return "";
        }
        Duration time = Duration.ofSeconds(Math.round(seconds));
        return String.format(Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart());
    }
}
