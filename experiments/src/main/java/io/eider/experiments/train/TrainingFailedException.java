package io.eider.experiments.train;

/** Training met a number it cannot compute with. What was saved before stays; the message names epoch and step. */
public final class TrainingFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message one line
     * @param cause what was met underneath
     */
    public TrainingFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
