package io.eider.experiments.cli;

import io.eider.engine.program.Precision;
import io.eider.experiments.Choice;
import io.eider.experiments.UserError;
import io.eider.experiments.data.Cifar;
import io.eider.experiments.data.LongTailSplit.Protocol;
import io.eider.experiments.report.FigureFormat;
import io.eider.experiments.train.Dataset;
import io.eider.experiments.train.DevelopmentLoss;
import io.eider.experiments.train.LogWeights;
import io.eider.experiments.train.Loss;
import io.eider.experiments.train.Method;
import io.eider.experiments.train.StageImages;
import io.eider.experiments.weighting.Reduction;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** Teaches the parser how enum constants are written. */
final class Choices {
    private Choices() {}

    static void register(CommandLine commands) {
        add(commands, Dataset.class);
        add(commands, FigureFormat.class);
        add(commands, Loss.class);
        add(commands, DevelopmentLoss.class);
        add(commands, StageImages.class);
        add(commands, LogWeights.class);
        add(commands, Precision.class);
        commands.registerConverter(
                Method.class, text -> convert(text.equals("ce") ? "uniform" : text, Choices::method));
        add(commands, Protocol.class);
        add(commands, Reduction.class);
        commands.registerConverter(Cifar.class, text -> convert(text, Cifar::byId));
    }

    private static Method method(String text) {
        return Choice.parse(Method.class, text);
    }

    private static <E extends Enum<E>> void add(CommandLine commands, Class<E> type) {
        commands.registerConverter(type, text -> convert(text, valid -> Choice.parse(type, valid)));
    }

    private static <T> T convert(String text, Function<String, T> conversion) {
        try {
            return conversion.apply(text);
        } catch (UserError e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
