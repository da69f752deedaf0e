package io.eider.experiments.cli;

import io.eider.engine.backend.DeviceFailedException;
import io.eider.engine.backend.DeviceMemoryException;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.experiments.IoReason;
import io.eider.experiments.UserError;
import io.eider.experiments.train.TrainingFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * What a user sees when something is wrong: one line and exit code 2 for what they can put right, one line and exit code 1
 * for training that met a number it cannot compute with and for a device that failed, and a stack trace only for mistakes of
 * the program.
 */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String message =
                e.getCause() instanceof UserError wrong && !e.getMessage().contains(wrong.getMessage())
                        ? e.getMessage() + ": " + wrong.getMessage()
                        : e.getMessage();
        return say(
                command, oneLine(message) + "; see `" + command.getCommandSpec().qualifiedName() + " --help`");
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) throws Exception {
        if (e instanceof UserError || e instanceof DeviceUnavailableException || e instanceof DeviceMemoryException) {
            return say(command, oneLine(e.getMessage()));
        }
        if (e instanceof IOException io) {
            return say(command, oneLine(IoReason.of(io)));
        }
        if (e instanceof UncheckedIOException unchecked) {
            return say(command, oneLine(IoReason.of(unchecked.getCause())));
        }
        if (e instanceof TrainingFailedException || e instanceof DeviceFailedException) {
            say(command, oneLine(e.getMessage()));
            return ExitCode.SOFTWARE;
        }
        throw e;
    }

    private static int say(CommandLine command, String line) {
        command.getErr().println("eider: " + line);
        command.getErr().flush();
        return ExitCode.USAGE;
    }

    private static String oneLine(String message) {
        return String.valueOf(message).replaceAll("\\s*\\R\\s*", " ");
    }
}
