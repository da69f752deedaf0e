package io.eider.experiments.train;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.engine.backend.Devices;

/** The device for tests that hold on any: cpu where there is one. */
public final class FastestDevice {
    /** Its name. */
    public static final String NAME = name();

    private FastestDevice() {}

    /** Opens it with one thread. */
    public static Device open() {
        return Devices.open(NAME, 1);
    }

    private static String name() {
        try (Device device = Devices.open("cpu", 1)) {
            return device.description().isEmpty() ? "reference" : "cpu";
        } catch (DeviceUnavailableException e) {
            return "reference";
        }
    }
}
