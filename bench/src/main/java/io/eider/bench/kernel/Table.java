package io.eider.bench.kernel;

import io.eider.experiments.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The tables that are printed. */
final class Table {
    private Table() {}

    /** Returns times and what part of the ceilings they are. */
    static String of(List<Result> results) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("case", "us", "+-%", "GFLOP/s", "% of GEMM", "GB/s", "% of copy", "kernel"));
        for (Result result : results) {
            rows.add(List.of(
                    result.name(),
                    number("%.1f", result.medianMicros()),
                    number("%.1f", result.noisePercent()),
                    number("%.1f", result.gflops()),
                    number("%.0f", result.percentOfGemm()),
                    number("%.1f", result.gbs()),
                    number("%.0f", result.percentOfCopy()),
                    result.kernel()));
        }
        return TextTable.of(rows);
    }

    /** Returns ratios with the range that noise leaves them. */
    static String ofComparisons(List<Comparison> comparisons) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("case", "us before", "us after", "ratio", "from", "to", "verdict"));
        for (Comparison one : comparisons) {
            rows.add(List.of(
                    one.before().name(),
                    number("%.1f", one.before().medianMicros()),
                    number("%.1f", one.after().medianMicros()),
                    number("%.3f", one.ratio()),
                    number("%.3f", one.lowest()),
                    number("%.3f", one.highest()),
                    one.verdict().name().toLowerCase(Locale.ROOT)));
        }
        return TextTable.of(rows);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
