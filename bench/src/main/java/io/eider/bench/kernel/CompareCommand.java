package io.eider.bench.kernel;

import io.eider.experiments.UserError;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench compare}: two files. */
@Command(
        name = "compare",
        description = {
            "Ratios of the medians of two files, the largest first, with the smallest and largest ratio of any two times.",
            "faster, slower: no time of one file is among those of the other; with 5 and 5 times that happens by chance in 1"
                    + " of 126 cases. That does not see a machine that was busier meanwhile; the ceilings' ratios do."
        })
final class CompareCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "BEFORE", description = "A file that `run` wrote.")
    private Path before;

    @Parameters(index = "1", paramLabel = "AFTER", description = "Another.")
    private Path after;

    @Override
    public Integer call() throws IOException {
        ResultFile first = ResultFile.read(before);
        ResultFile second = ResultFile.read(after);
        List<Comparison> comparisons = Comparison.of(first, second);
        if (comparisons.isEmpty()) {
            throw new UserError(before + " and " + after + " have no case in common");
        }
        PrintWriter out = spec.commandLine().getOut();
        differ(out, "device", first.device(), second.device());
        differ(out, "machine", first.machine(), second.machine());
        differ(out, "timing", first.timing(), second.timing());
        differ(out, "JVM flags", first.jvmFlags(), second.jvmFlags());
        differ(out, "environment", first.environment(), second.environment());
        differ(out, "percent taken by other processes", first.otherProcessesPercent(), second.otherProcessesPercent());
        out.printf(
                Locale.ROOT,
                "ceilings after over before: large product %.3f, copies %.3f (median)%n",
                Comparison.median(comparisons, Comparison::gemmRatio),
                Comparison.median(comparisons, Comparison::copyRatio));
        out.print(Table.ofComparisons(comparisons));
        List<String> missing = Comparison.inOneOnly(first, second);
        if (!missing.isEmpty()) {
            out.println("in one file only: " + String.join(", ", missing));
        }
        out.flush();
        return ExitCode.OK;
    }

    private static void differ(PrintWriter out, String what, Object first, Object second) {
        if (!Objects.equals(first, second)) {
            out.println(what + ": " + first + " | " + second);
        }
    }
}
