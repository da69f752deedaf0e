package io.eider.bench.kernel;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench list}: what there is to time. */
@Command(name = "list", description = "Names the cases, one a line: name, MFLOP, MB, op.")
final class ListCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "PREFIX", arity = "0..*", description = "Cases whose names begin so. Default: all.")
    private List<String> prefixes = List.of();

    @Option(names = "--ops", description = "How every op that `op` takes is written instead.")
    private boolean ops;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (ops) {
            Attributes.ops().values().forEach(op -> out.println(Attributes.usage(op)));
        } else {
            Cases.beginningWith(prefixes)
                    .forEach(one -> out.printf(
                            Locale.ROOT,
                            "%-36s %9.1f %7.1f  %s%n",
                            one.name(),
                            one.flops() * 1e-6,
                            one.bytes() * 1e-6,
                            one.text()));
        }
        out.flush();
        return ExitCode.OK;
    }
}
