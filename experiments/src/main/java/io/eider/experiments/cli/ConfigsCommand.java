package io.eider.experiments.cli;

import io.eider.experiments.config.ConfigFiles;
import io.eider.experiments.config.NamedConfig;
import io.eider.experiments.config.NamedConfigs;
import io.eider.experiments.train.Json;
import io.eider.experiments.train.TrainConfig;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code eider configs}: the named configurations. */
@Command(
        name = "configs",
        description = "Names and shows the configurations: every cell of the paper's tables, and controls.",
        mixinStandardHelpOptions = true,
        subcommands = {ConfigsCommand.ListNames.class, ConfigsCommand.Show.class})
final class ConfigsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        return Eider.missingCommand(spec.commandLine());
    }

    /** {@code eider configs list}. */
    @Command(name = "list", description = "Names all configurations, one a line.", mixinStandardHelpOptions = true)
    static final class ListNames implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            NamedConfigs.all().forEach(config -> out.println(config.name()));
            return ExitCode.OK;
        }
    }

    /** {@code eider configs show}. */
    @Command(
            name = "show",
            description = "Prints what a configuration resolves to, as YAML.",
            mixinStandardHelpOptions = true)
    static final class Show implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "NAME", description = "Such as cifar10-lt/if100/ours-focal.")
        private String name;

        @Mixin
        private Overrides overrides;

        @Override
        public Integer call() {
            NamedConfig config = NamedConfigs.find(name);
            PrintWriter out = spec.commandLine().getOut();
            out.println("# " + config.row().title());
            config.published().ifPresent(error -> out.printf(Locale.ROOT, "# published test error: %.2f %%%n", error));
            out.print(ConfigFiles.text(Json.tree(TrainConfig.of(overrides.apply(config.settings()), config.name()))));
            return ExitCode.OK;
        }
    }
}
