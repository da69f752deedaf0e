package io.eider.engine.backend;

/** A device that was asked for and cannot be had; the message says why. There is no silent fallback. */
public final class DeviceUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates the error from the reason. */
    public DeviceUnavailableException(String reason) {
        super(reason);
    }

    /** Creates the error from the reason and what was met underneath. */
    public DeviceUnavailableException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
