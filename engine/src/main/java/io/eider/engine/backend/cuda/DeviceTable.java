package io.eider.engine.backend.cuda;

import io.eider.engine.backend.planned.Address;
import io.eider.engine.backend.planned.Block;
import io.eider.engine.backend.planned.Cleanup;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Pointer;

/** A table that a kernel reads, in the device's memory, and the host's side of it, where it is filled in. */
final class DeviceTable implements AutoCloseable {
    private final CudaContext context;
    private final Cleanup cleanup = new Cleanup();
    private final Block device;
    private final Block host;

    DeviceTable(CudaContext context, String what, long bytes) {
        this.context = context;
        try {
            this.device = context.memory().uninitialised(what, bytes);
            cleanup.add(device::close);
            this.host = context.memory().pinned(what, bytes);
            cleanup.add(host::close);
        } catch (RuntimeException | Error e) {
            cleanup.after(e);
            throw e;
        }
    }

    /** Returns where the host fills it in. */
    Pointer host() {
        return Address.of(host.address());
    }

    /** Returns where the device reads it. */
    Pointer device() {
        return Address.of(device.address());
    }

    /** Copies it to the device; waits, for the host may then fill it in anew. */
    void upload() {
        context.copy(device.address(), host.address(), device.bytes(), cudart.cudaMemcpyHostToDevice);
        context.synchronise();
    }

    @Override
    public void close() {
        cleanup.close();
    }
}
