package io.eider.bench.kernel;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** How `run` and `op` time. */
final class TimingOptions {
    private static final Timing THOROUGH = new Timing(0, 1, 2, 5, 500);
    private static final Timing QUICK = new Timing(0, 0, 1, 5, 60);

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of the device. Default: all cores.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--quick",
            description = "In this JVM, 5 iterations of 60 ms after one; else in a fresh JVM, 5 of 500 ms after two.")
    private boolean quick;

    @Option(names = "--forks", paramLabel = "N", description = "Fresh JVMs a case; 0 times in this one.")
    private Integer forks;

    @Option(names = "--iterations", paramLabel = "N", description = "Iterations a fork.")
    private Integer iterations;

    @Option(names = "--millis", paramLabel = "MS", description = "Duration of an iteration.")
    private Integer millis;

    @Option(
            names = "--note",
            paramLabel = "TEXT",
            description = "What else the file should say, such as what else ran on the machine.")
    private String note = "";

    String note() {
        return note;
    }

    Timing timing() {
        Timing base = quick ? QUICK : THOROUGH;
        return new Timing(
                atLeast(1, "--threads", threads),
                atLeast(0, "--forks", forks == null ? base.forks() : forks),
                base.warmups(),
                atLeast(1, "--iterations", iterations == null ? base.iterations() : iterations),
                atLeast(1, "--millis", millis == null ? base.millis() : millis));
    }

    private int atLeast(int least, String option, int value) {
        if (value < least) {
            throw new ParameterException(spec.commandLine(), option + " must be at least " + least + ", not " + value);
        }
        return value;
    }
}
