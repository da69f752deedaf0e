package io.eider.experiments.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code eider} command; what it can do is in its subcommands. */
@Command(
        name = "eider",
        description = "Trains image classifiers on long-tailed data.",
        mixinStandardHelpOptions = true,
        versionProvider = Eider.Version.class,
        subcommands = {
            TrainCommand.class,
            TableCommand.class,
            ConfigsCommand.class,
            EvalCommand.class,
            ReportCommand.class,
            PlotCommand.class,
            DemoCommand.class,
            DataCommand.class,
            DoctorCommand.class,
            CheckStepCommand.class,
            HelpCommand.class
        })
public final class Eider implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    private Eider() {}

    /**
     * Runs one command and ends the process with its exit code: 0, 1 for a failure, 2 for a wrong command line.
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
        CommandLine commands = new CommandLine(new Eider());
        Choices.register(commands);
        Failures failures = new Failures();
        return commands.setExecutionExceptionHandler(failures).setParameterExceptionHandler(failures);
    }

    @Override
    public Integer call() {
        return missingCommand(spec.commandLine());
    }

    static int missingCommand(CommandLine commands) {
        commands.getErr().println("eider: Missing command");
        commands.usage(commands.getErr());
        return ExitCode.USAGE;
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Eider.class.getPackage().getImplementationVersion();
            return new String[] {
                "eider " + (version == null ? "(not packaged)" : version),
                "JVM " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
                System.getProperty("os.name") + " " + System.getProperty("os.arch")
            };
        }
    }
}
