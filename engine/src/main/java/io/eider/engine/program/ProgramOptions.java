package io.eider.engine.program;

/**
 * How a program is to be compiled, as far as there is a choice.
 *
 * @param precision what images are kept in
 * @param recompute whether batch norms run a second time where their results would have to be kept for long: about half the
 *     memory for a few percent more time, and the same bits ({@link RecomputeBatchNorms})
 */
public record ProgramOptions(Precision precision, boolean recompute) {
    /** Everything as declared, every result kept until it is no longer needed. */
    public static final ProgramOptions DEFAULT = of(Precision.F32);

    /** Returns the options that keep every result, in a precision. */
    public static ProgramOptions of(Precision precision) {
        return new ProgramOptions(precision, false);
    }
}
