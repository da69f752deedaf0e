package io.eider.bench.kernel;

import io.eider.engine.backend.DeviceFailedException;
import io.eider.engine.backend.DeviceMemoryException;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.experiments.IoReason;
import io.eider.experiments.UserError;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code bench} command: kernels of the cpu backend, checked, timed, and held against the machine's ceilings. */
@Command(
        name = "bench",
        description = "Times kernels of the cpu backend.",
        subcommands = {RunCommand.class, OpCommand.class, DeviceCommand.class, CompareCommand.class, ListCommand.class})
public final class Bench implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Says how it is used.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    private Bench() {}

    /**
     * Runs one command and ends the process with its exit code: 0, 1 for a wrong result or a device that failed, 2 for a wrong
     * command line.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, Charset.defaultCharset());
        int code = commandLine().setOut(out).execute(args);
        out.flush();
        System.exit(code);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Bench())
                .setParameterExceptionHandler((e, args) -> say(
                        e.getCommandLine(),
                        e.getMessage() + "; see `"
                                + e.getCommandLine().getCommandSpec().qualifiedName() + " --help`"))
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    if (e instanceof IOException io) {
                        return say(command, IoReason.of(io));
                    }
                    if (e instanceof UserError
                            || e instanceof DeviceUnavailableException
                            || e instanceof DeviceMemoryException) {
                        return say(command, e.getMessage());
                    }
                    if (e instanceof DeviceFailedException) {
                        say(command, e.getMessage());
                        return ExitCode.SOFTWARE;
                    }
                    throw e;
                });
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "missing command: run, op, device, compare or list");
    }

    private static int say(CommandLine command, String line) {
        command.getErr().println("bench: " + line.replaceAll("\\s*\\R\\s*", " "));
        command.getErr().flush();
        return ExitCode.USAGE;
    }
}
