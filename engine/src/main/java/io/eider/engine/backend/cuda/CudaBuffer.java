package io.eider.engine.backend.cuda;

import io.eider.engine.backend.Buffer;
import io.eider.engine.backend.planned.Block;
import io.eider.engine.backend.planned.HostBuffer;
import io.eider.engine.graph.TensorType;
import java.util.function.Consumer;
import org.bytedeco.cuda.global.cudart;

/** A tensor in a device's memory, read and written through host memory that all tensors share. */
final class CudaBuffer implements Buffer {
    private final CudaDevice device;
    private final TensorType type;
    private final Block block;

    CudaBuffer(CudaDevice device, TensorType type, Block block) {
        this.device = device;
        this.type = type;
        this.block = block;
    }

    @Override
    public TensorType type() {
        return type;
    }

    @Override
    public void write(float[] source) {
        write(host -> host.write(source));
    }

    @Override
    public void write(double[] source) {
        write(host -> host.write(source));
    }

    @Override
    public void write(int[] source) {
        write(host -> host.write(source));
    }

    @Override
    public void write(byte[] source) {
        write(host -> host.write(source));
    }

    @Override
    public void read(float[] target) {
        copyOut().read(target);
    }

    @Override
    public void read(double[] target) {
        copyOut().read(target);
    }

    private void write(Consumer<HostBuffer> writing) {
        Block host = host();
        writing.accept(new HostBuffer(type, host));
        device.context().copy(block.address(), host.address(), type.bytes(), cudart.cudaMemcpyHostToDevice);
        // The next tensor goes through the same memory.
        device.context().synchronise();
    }

    private HostBuffer copyOut() {
        Block host = host();
        device.context().copy(host.address(), block.address(), type.bytes(), cudart.cudaMemcpyDeviceToHost);
        device.context().synchronise();
        return new HostBuffer(type, host);
    }

    private Block host() {
        block.checkOpen();
        device.context().use();
        return device.staging(type.bytes());
    }
}
