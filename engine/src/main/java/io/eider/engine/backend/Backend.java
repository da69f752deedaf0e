package io.eider.engine.backend;

/** A kind of device. Found by {@link java.util.ServiceLoader}. */
public interface Backend {
    /** Returns the name that users ask for: {@code reference}, {@code cpu}, {@code cuda}. */
    String name();

    /**
     * Opens a device.
     *
     * @param index which of the machine's devices of this kind, from 0
     * @param options how it is to compute
     * @throws DeviceUnavailableException if this machine cannot run it, or not so; says why
     */
    Device open(int index, DeviceOptions options);

    /** Opens the first device, to compute as declared. */
    default Device open(int threads) {
        return open(0, DeviceOptions.ofThreads(threads));
    }
}
