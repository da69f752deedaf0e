package io.eider.bench.step;

/** A peer that cannot do what was asked; the message is one line that says who and why. */
final class PeerException extends Exception {
    private static final long serialVersionUID = 1L;

    PeerException(String message) {
        super(message);
    }
}
