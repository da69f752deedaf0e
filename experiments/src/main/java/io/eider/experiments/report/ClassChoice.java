package io.eider.experiments.report;

import io.eider.experiments.UserError;
import java.util.List;
import java.util.stream.IntStream;

/** The classes that a figure shows where all would be too many. */
final class ClassChoice {
    private static final int MOST = 12;
    private static final int THIRDS = 3;

    private ClassChoice() {}

    /**
     * The classes to show.
     *
     * @param asked what the user asked for; empty for the first, the last, and two between
     * @param run whose classes they are
     * @return class numbers, each once
     */
    static List<Integer> of(List<Integer> asked, RunRecords run) {
        int last = run.classNames().size() - 1;
        if (asked.isEmpty()) {
            return IntStream.rangeClosed(0, THIRDS)
                    .map(third -> Math.round((float) third * last / THIRDS))
                    .distinct()
                    .boxed()
                    .toList();
        }
        for (int c : asked) {
            if (c < 0 || c > last) {
                throw new UserError("--classes: " + run.name() + " has no class " + c + ", only 0 to " + last);
            }
        }
        if (asked.size() > MOST) {
            throw new UserError("--classes: a figure has room for " + MOST + " classes, not " + asked.size());
        }
        return asked.stream().distinct().toList();
    }
}
