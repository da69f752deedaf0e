package io.eider.experiments.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code eider} command; what it can do is in its subcommands. */
@Command(
        name = "eider",
        description = "Trains image classifiers on long-tailed data.",
        mixinStandardHelpOptions = true,
        versionProvider = Eider.Version.class)
public final class Eider implements Runnable {
    @Spec
    private CommandSpec spec;

    private Eider() {}

    /**
     * Runs one command and ends the process with its exit code: 0, 1 for a failure, 2 for a wrong command line.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Eider());
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command");
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
