package io.eider.bench.step;

/** Peers that do not compute the same step, so that their times mean nothing; the message is one line. */
final class DisagreementException extends Exception {
    private static final long serialVersionUID = 1L;

    DisagreementException(String message) {
        super(message);
    }
}
