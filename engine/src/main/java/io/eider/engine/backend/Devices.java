package io.eider.engine.backend;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds backends by name. */
public final class Devices {
    private static final Logger LOG = LoggerFactory.getLogger(Devices.class);
    private static final List<String> PREFERRED = List.of("cuda", "cpu");

    private Devices() {}

    /** Returns the backends on the class path, ordered by name. */
    public static List<Backend> backends() {
        return StreamSupport.stream(ServiceLoader.load(Backend.class).spliterator(), false)
                .sorted(Comparator.comparing(Backend::name))
                .toList();
    }

    /** Opens a device by name, to compute as declared: {@link #open(String, DeviceOptions)}. */
    public static Device open(String name, int threads) {
        return open(name, DeviceOptions.ofThreads(threads));
    }

    /**
     * Opens a device by name.
     *
     * @param name a backend's name, with an index where it has several devices ({@code cuda:1}), or {@code auto}: the
     *     first of cuda and cpu that this machine has; why it was not cuda is logged
     * @param options how it is to compute
     * @throws DeviceUnavailableException if there is no such backend, or this machine cannot run it, or not so
     */
    public static Device open(String name, DeviceOptions options) {
        if (name.equals("auto")) {
            return openPreferred(options);
        }
        int colon = name.indexOf(':');
        return colon < 0
                ? backend(name).open(0, options)
                : backend(name.substring(0, colon)).open(index(name, name.substring(colon + 1)), options);
    }

    private static int index(String name, String digits) {
        if (!digits.matches("[0-9]{1,4}")) {
            throw new DeviceUnavailableException(
                    "'" + name + "' does not name a device: after the colon comes a number, as in cuda:0");
        }
        return Integer.parseInt(digits);
    }

    private static Device openPreferred(DeviceOptions options) {
        StringBuilder reasons = new StringBuilder();
        for (String name : PREFERRED) {
            if (backends().stream().anyMatch(backend -> backend.name().equals(name))) {
                try {
                    return backend(name).open(0, options);
                } catch (DeviceUnavailableException e) {
                    LOG.info("device {} is not used: {}", name, e.getMessage());
                    reasons.append("; ").append(name).append(": ").append(e.getMessage());
                }
            }
        }
        throw new DeviceUnavailableException("no device is available" + reasons);
    }

    private static Backend backend(String name) {
        List<Backend> backends = backends();
        return backends.stream()
                .filter(backend -> backend.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new DeviceUnavailableException("there is no device '" + name + "'; known are auto, "
                        + String.join(", ", backends.stream().map(Backend::name).toList())));
    }
}
