package io.eider.bench.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench run}: the named cases. */
@Command(
        name = "run",
        description = "Checks and times the named cases, prints them beside the machine's ceilings, keeps a file.")
final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "PREFIX",
            arity = "0..*",
            description = "Cases whose names begin so, such as conv2d/ or batchNorm. Default: all.")
    private List<String> prefixes = List.of();

    @Mixin
    private TimingOptions timing;

    @Option(
            names = "--out",
            paramLabel = "PATH",
            description = "FILE.json, or a folder for a file named by date and processor. Default: ${DEFAULT-VALUE}.",
            defaultValue = "bench/results")
    private Path out;

    @Override
    public Integer call() throws IOException {
        return Measurement.run(spec.commandLine(), Cases.beginningWith(prefixes), timing, out);
    }
}
