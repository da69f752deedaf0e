package io.eider.engine.backend;

/** A kind of device. Found by {@link java.util.ServiceLoader}. */
public interface Backend {
    /** Returns the name that users ask for: {@code reference}, {@code cpu}, {@code cuda}. */
    String name();

    /**
     * Opens a device.
     *
     * @param index which of the machine's devices of this kind, from 0
     * @param threads worker threads, at least 1
     * @throws DeviceUnavailableException if this machine cannot run it; says why
     */
    Device open(int index, int threads);

    /** Opens the first device. */
    default Device open(int threads) {
        return open(0, threads);
    }
}
