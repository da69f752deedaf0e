package io.eider.engine.program;

import io.eider.engine.backend.Executable;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import java.util.List;
import java.util.Locale;

/** The table that {@link Program#explain} prints. */
final class Explanation {
    private Explanation() {}

    /**
     * Returns the table.
     *
     * @param nanos time of each step, or {@code null} where nothing was measured
     */
    static String of(Executable executable, long[] nanos) {
        StringBuilder table = new StringBuilder();
        row(table, "op", "shape", "kernel", "MFLOP", "MB", "us", "GFLOP/s", "offset");
        List<Executable.Step> steps = executable.steps();
        double flops = 0;
        double bytes = 0;
        double micros = 0;
        for (int i = 0; i < steps.size(); i++) {
            Executable.Step step = steps.get(i);
            double stepFlops = step.node().op().flops(step.node());
            double stepBytes = bytes(step.node());
            flops += stepFlops;
            bytes += stepBytes;
            micros += nanos == null ? 0 : nanos[i] * 1e-3;
            row(
                    table,
                    step.node().op().name(),
                    step.node().type(0).shape(),
                    step.kernel(),
                    number(stepFlops * 1e-6),
                    number(stepBytes * 1e-6),
                    nanos == null ? "" : number(nanos[i] * 1e-3),
                    nanos == null || nanos[i] == 0 ? "" : number(stepFlops / nanos[i]),
                    step.offset() < 0 ? "-" : step.offset());
        }
        row(
                table,
                steps.size() + " steps",
                "",
                "arena " + number(executable.arenaBytes() * 1e-6) + " MB",
                number(flops * 1e-6),
                number(bytes * 1e-6),
                nanos == null ? "" : number(micros),
                nanos == null ? "" : number(flops * 1e-3 / micros),
                "");
        return table.toString();
    }

    private static double bytes(Node node) {
        double bytes = node.types().stream().mapToDouble(type -> type.bytes()).sum();
        return bytes
                + node.inputs().stream()
                        .map(Tensor::type)
                        .mapToDouble(type -> type.bytes())
                        .sum();
    }

    private static void row(StringBuilder table, Object... cells) {
        table.append(String.format(Locale.ROOT, "%-22s %-18s %-28s %9s %9s %9s %8s %12s%n", cells));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
