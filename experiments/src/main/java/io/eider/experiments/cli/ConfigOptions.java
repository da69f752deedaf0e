package io.eider.experiments.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eider.experiments.train.Json;
import io.eider.experiments.train.TrainConfig;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Connects options with the components of {@link TrainConfig} by name, so that defaults stand in one place. */
final class ConfigOptions {
    private ConfigOptions() {}

    /** A configuration with every option that was given on the command line put in its place. */
    static TrainConfig apply(TrainConfig base, ParseResult given) {
        return apply((ObjectNode) Json.tree(base), given);
    }

    /** The same for settings that are not a configuration yet; they are changed. */
    static TrainConfig apply(ObjectNode tree, ParseResult given) {
        for (OptionSpec option : given.matchedOptions()) {
            String key = key(option);
            if (tree.has(key)) {
                tree.set(key, Json.tree(option.getValue()));
            }
        }
        return TrainConfig.of(tree, "the command line");
    }

    private static String key(OptionSpec option) {
        return option.longestName().substring("--".length());
    }

    /** Tells picocli the defaults, for help. */
    static final class Defaults implements IDefaultValueProvider {
        private final JsonNode defaults = Json.tree(TrainConfig.defaults());

        @Override
        public String defaultValue(ArgSpec argument) {
            if (!(argument instanceof OptionSpec option) || !defaults.has(key(option))) {
                return null;
            }
            JsonNode value = defaults.get(key(option));
            if (value.isArray()) {
                return value.toString().replaceAll("[\\[\\]\\s]", "");
            }
            return value.isNull() ? null : value.asText();
        }
    }
}
