package io.eider.experiments.cli;

import io.eider.experiments.Choice;
import io.eider.experiments.UserError;
import io.eider.experiments.data.LongTailSplit.Protocol;
import io.eider.experiments.train.Dataset;
import io.eider.experiments.train.Loss;
import io.eider.experiments.train.Method;
import io.eider.experiments.weighting.Reduction;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Teaches the parser how enum constants are written. */
final class Choices {
    private Choices() {}

    static void register(CommandLine commands) {
        add(commands, Dataset.class);
        add(commands, Loss.class);
        add(commands, Method.class);
        add(commands, Protocol.class);
        add(commands, Reduction.class);
    }

    private static <E extends Enum<E>> void add(CommandLine commands, Class<E> type) {
        commands.registerConverter(type, text -> {
            try {
                return Choice.parse(type, text);
            } catch (UserError e) {
                throw new TypeConversionException(e.getMessage());
            }
        });
    }
}
