package io.eider.bench.kernel;

/** A kernel whose numbers are not those of the reference: it is not timed. */
final class WrongResultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the error.
     *
     * @param message one line: case, output, element, both numbers, what is allowed
     */
    WrongResultException(String message) {
        super(message);
    }
}
