package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Backend;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceOptions;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.natives.NativeLibrary;
import io.eider.natives.ProcessMemory;

/** Opens the CPU of this machine: backend {@code cpu}. */
public final class CpuBackend implements Backend {
    /** Used by {@link java.util.ServiceLoader}. */
    public CpuBackend() {}

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public Device open(int index, DeviceOptions options) {
        int threads = options.threads();
        if (index != 0) {
            throw new DeviceUnavailableException("there is one device cpu, cpu:0, not cpu:" + index);
        }
        if (threads < 1) {
            throw new IllegalArgumentException("a CPU device needs at least 1 thread, not " + threads);
        }
        options.refuseGpuOptions(name());
        ProcessMemory.liftLimit();
        // oneDNN first: its libgomp then serves both libraries, instead of two thread pools on the same cores.
        OneDnn.load();
        if (NativeLibrary.load() instanceof NativeLibrary.Unavailable unavailable) {
            throw new DeviceUnavailableException(unavailable.reason());
        }
        return new CpuDevice(threads);
    }
}
