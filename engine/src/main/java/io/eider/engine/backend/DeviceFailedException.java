package io.eider.engine.backend;

/** A device that was there and failed: a library's call, a kernel, the hardware. The message names what, and says why. */
public class DeviceFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates the error from what failed and why. */
    public DeviceFailedException(String message) {
        super(message);
    }

    /** Creates the error from what failed and why, and what was met underneath. */
    public DeviceFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
