package io.eider.experiments;

/**
 * Something the user can put right: a missing file, a bad number, an unwritable folder. The message is one clear line that
 * says what was wrong, where, and what to do; the command line prints it alone, without a stack trace, and exits with code
 * 2. Mistakes of the program itself are never reported with this class.
 */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * An error with no deeper cause.
     *
     * @param message one line: what was wrong, where, what to do
     */
    public UserError(String message) {
        super(message);
    }

    /**
     * An error that another failure led to.
     *
     * @param message one line: what was wrong, where, what to do
     * @param cause the failure underneath
     */
    public UserError(String message, Throwable cause) {
        super(message, cause);
    }
}
