package io.eider.bench.step;

import io.eider.experiments.report.TextTable;
import io.eider.experiments.train.Machine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes a comparison as Markdown: times and memory, ratios beside their targets, and what the numbers rest on. */
final class CompareReport {
    private static final double MEGABYTE = 1e6;

    private final Comparison comparison;
    private final String device;

    /**
     * Writes one.
     *
     * @param comparison what was measured
     * @param device where
     */
    CompareReport(Comparison comparison, String device) {
        this.comparison = comparison;
        this.device = device;
    }

    /** Returns one line: which network, how often, where. */
    String heading(int depth, int batch, int threads, int turns, int rounds) {
        return String.format(
                Locale.ROOT,
                "ResNet-%d, batch %d, development batch %d, %d %s of %s%s, %d × %d steps in turn:%n%n",
                depth,
                batch,
                batch,
                threads,
                threads == 1 ? "thread" : "threads",
                Machine.processor(),
                onCpu() ? "" : ", device " + device,
                turns,
                rounds);
    }

    /** Returns the table of times and memory. */
    String times() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("step", "by", "median ms", "quartiles ms", "peak resident MB", "arena MB"));
        for (Measurement one : comparison.measurements()) {
            rows.add(List.of(
                    one.row().step().title() + ", " + one.row().arithmetic().title(),
                    one.row().title(),
                    format("%.0f", one.median()),
                    format("%.0f…%.0f", one.quantile(0.25), one.quantile(0.75)),
                    format("%.0f", one.peakBytes() / MEGABYTE),
                    one.arenaBytes() == 0 ? "" : format("%.0f", one.arenaBytes() / MEGABYTE)));
        }
        return TextTable.of(rows);
    }

    /** Returns the table of ratios, or nothing if no target has both of its rows measured. */
    String ratios() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ratio of medians", "measured", "by turn", "must", "aim"));
        for (Target target : Target.ALL) {
            Optional<Measurement> over = find(target.over());
            Optional<Measurement> under = find(target.under());
            if (over.isPresent() && under.isPresent()) {
                rows.add(row(target, over.get(), under.get()));
            }
        }
        return rows.size() == 1 ? "" : TextTable.of(rows);
    }

    /** Returns lines on how far losses agree and how idle the idle ones were. */
    String grounds() {
        String agreement = comparison.differences().entrySet().stream()
                .map(entry ->
                        format("%.1e in %s", entry.getValue(), entry.getKey().title()))
                .collect(Collectors.joining(", "));
        return "- Losses of the first three steps differ by at most " + agreement + ".\n"
                + format("- While others ran, a peer used at most %.1f %% of a core.%n", 100 * comparison.idleShare());
    }

    /** Returns a line for each text, with a prefix, and the names of the rows it holds for before it. */
    static String shared(String prefix, Map<Row, String> texts) {
        Map<String, List<String>> names = new LinkedHashMap<>();
        texts.forEach((row, text) ->
                names.computeIfAbsent(text, any -> new ArrayList<>()).add(row.name()));
        return names.entrySet().stream()
                .map(entry -> "- " + String.join(", ", entry.getValue()) + ": " + prefix + entry.getKey() + "\n")
                .collect(Collectors.joining());
    }

    private List<String> row(Target target, Measurement over, Measurement under) {
        List<Double> byTurn = new ArrayList<>();
        for (int turn = 0; turn < over.turns().size(); turn++) {
            byTurn.add(over.turnMedians().get(turn) / under.turnMedians().get(turn));
        }
        String sign = target.bound().sign() + " ";
        return List.of(
                target.title(),
                format("%.2f", over.median() / under.median()),
                format("%.2f…%.2f", Collections.min(byTurn), Collections.max(byTurn)),
                onCpu() ? sign + format("%.1f", target.must()) : "",
                onCpu() ? sign + format("%.1f", target.aim()) : "");
    }

    /** What is to be reached was set for processors. */
    private boolean onCpu() {
        return device.equals(Peers.CPU);
    }

    private Optional<Measurement> find(String name) {
        return comparison.measurements().stream()
                .filter(one -> one.row().name().equals(name))
                .findFirst();
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
