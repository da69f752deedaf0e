package io.eider.bench.kernel;

import io.eider.experiments.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * How JMH times a case.
 *
 * @param threads of the device
 * @param forks fresh JVMs a case; 0 to time in this one
 * @param warmups iterations before those that count
 * @param iterations that count, a fork
 * @param millis duration of one iteration
 */
record Timing(int threads, int forks, int warmups, int iterations, int millis) {
    /**
     * Checks and times a case.
     *
     * @return microseconds a run, one number an iteration
     * @throws WrongResultException if its result is wrong
     */
    List<Double> micros(KernelCase one) {
        OptionsBuilder options = new OptionsBuilder();
        options.include(KernelRuns.class.getName() + "\\.run$")
                .param("kernel", one.name())
                .param("threads", Integer.toString(threads))
                .forks(forks)
                .warmupIterations(warmups)
                .warmupTime(TimeValue.milliseconds(millis))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.milliseconds(millis))
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
        try {
            return new Runner(options)
                    .run().stream()
                            .flatMap(run -> run.getBenchmarkResults().stream())
                            .flatMap(fork -> fork.getIterationResults().stream())
                            .map(iteration -> 1e6 / iteration.getPrimaryResult().getScore())
                            .toList();
        } catch (RunnerException e) {
            throw cause(e, WrongResultException.class)
                    .<RuntimeException>map(wrong -> new WrongResultException(wrong.getMessage()))
                    .or(() -> cause(e, UserError.class))
                    // Without a cause it is JMH's own: another JMH runs on this machine.
                    .orElseGet(() -> e.getCause() == null
                            ? new UserError(e.getMessage())
                            : new IllegalStateException("JMH could not time " + one.name(), e));
        }
    }

    /** JMH wraps what a benchmark threw, and lists what its workers threw beside it. */
    private static <T extends Throwable> Optional<T> cause(Throwable thrown, Class<T> type) {
        if (thrown == null || type.isInstance(thrown)) {
            return Optional.ofNullable(type.cast(thrown));
        }
        return Stream.concat(Stream.ofNullable(thrown.getCause()), Arrays.stream(thrown.getSuppressed()))
                .flatMap(next -> cause(next, type).stream())
                .findFirst();
    }
}
