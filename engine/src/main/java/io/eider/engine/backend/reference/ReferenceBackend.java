package io.eider.engine.backend.reference;

import io.eider.engine.backend.Backend;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceOptions;
import io.eider.engine.backend.DeviceUnavailableException;

/**
 * Plain Java in 64-bit arithmetic on one thread, whatever element types are declared; only what is stored as bf16 is
 * rounded. Slow; always available.
 */
public final class ReferenceBackend implements Backend {
    @Override
    public String name() {
        return "reference";
    }

    @Override
    public Device open(int index, DeviceOptions options) {
        if (index != 0) {
            throw new DeviceUnavailableException("there is one device reference, reference:0, not reference:" + index);
        }
        options.refuseGpuOptions(name());
        return new ReferenceDevice();
    }
}
