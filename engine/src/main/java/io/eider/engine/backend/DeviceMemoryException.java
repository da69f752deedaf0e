package io.eider.engine.backend;

/**
 * A device has less memory than was asked for; the message says how much, and for what. Nothing else has failed: what was
 * there before is still there and usable.
 */
public final class DeviceMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates the error from what was asked for and what to do. */
    public DeviceMemoryException(String message) {
        super(message);
    }

    /** Creates the error from what was asked for and what to do, and what was met underneath. */
    public DeviceMemoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
