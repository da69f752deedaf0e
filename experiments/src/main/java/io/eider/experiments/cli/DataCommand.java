package io.eider.experiments.cli;

import io.eider.experiments.Choice;
import io.eider.experiments.data.Cifar;
import io.eider.experiments.data.DataFetcher;
import io.eider.experiments.data.DataFolder;
import io.eider.experiments.data.DataImporter;
import io.eider.experiments.data.DataVerifier;
import io.eider.experiments.data.DataVerifier.State;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code eider data}: gets data sets and checks them. */
@Command(
        name = "data",
        description = "Gets the data sets and checks them.",
        mixinStandardHelpOptions = true,
        subcommands = {DataCommand.Fetch.class, DataCommand.Import.class, DataCommand.Verify.class})
final class DataCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "Folder with the data sets. Default: $EIDER_DATA, else eider in the user's cache folder.")
    private String data;

    @Override
    public Integer call() {
        return Eider.missingCommand(spec.commandLine());
    }

    private DataFolder folder() {
        return DataFolder.locate(data);
    }

    /** {@code eider data fetch}. */
    @Command(
            name = "fetch",
            description = "Downloads a data set: official archive, checked, resumable. Does nothing if it is there.",
            mixinStandardHelpOptions = true)
    static final class Fetch implements Callable<Integer> {
        @ParentCommand
        private DataCommand parent;

        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "NAME", description = "cifar10 or cifar100.")
        private Cifar set;

        @Override
        public Integer call() {
            try (TerminalProgress progress = new TerminalProgress()) {
                DataFetcher.Source source = new DataFetcher(parent.folder(), progress::work).fetch(set);
                progress.close();
                PrintWriter out = spec.commandLine().getOut();
                out.println(set.title() + " is in " + parent.folder().folder(set) + " (from: " + Choice.id(source)
                        + "), every file checked");
            }
            return ExitCode.OK;
        }
    }

    /** {@code eider data import}. */
    @Command(
            name = "import",
            description = "Copies the data sets found in a folder, or an official archive, checking every file.",
            mixinStandardHelpOptions = true)
    static final class Import implements Callable<Integer> {
        @ParentCommand
        private DataCommand parent;

        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "DIR", description = "A folder with .bin files or archives, or an archive.")
        private Path from;

        @Override
        public Integer call() {
            try (TerminalProgress progress = new TerminalProgress()) {
                List<Cifar> imported = new DataImporter(parent.folder(), progress::work).importFrom(from);
                progress.close();
                imported.forEach(set -> spec.commandLine()
                        .getOut()
                        .println(set.title() + " is in " + parent.folder().folder(set) + ", every file checked"));
            }
            return ExitCode.OK;
        }
    }

    /** {@code eider data verify}. */
    @Command(
            name = "verify",
            description = "Recomputes the SHA-256 of every file. Exit code 1 if one is damaged or a set is incomplete.",
            mixinStandardHelpOptions = true)
    static final class Verify implements Callable<Integer> {
        @ParentCommand
        private DataCommand parent;

        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "NAME", arity = "0..*", description = "cifar10, cifar100; default: those there are.")
        private List<Cifar> sets = new ArrayList<>();

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            List<Cifar> wanted = sets.isEmpty()
                    ? Cifar.ALL.stream().filter(parent.folder()::has).toList()
                    : sets;
            if (wanted.isEmpty()) {
                out.println("there is no complete data set in "
                        + parent.folder().root() + "; run `eider data fetch cifar10`");
                return ExitCode.SOFTWARE;
            }
            boolean intact = true;
            for (Cifar set : wanted) {
                for (DataVerifier.Verdict verdict : DataVerifier.verify(parent.folder(), set)) {
                    out.println(Choice.id(verdict.state()) + "  " + verdict.path() + "  " + verdict.detail());
                    intact &= verdict.state().equals(State.OK);
                }
            }
            return intact ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }
}
