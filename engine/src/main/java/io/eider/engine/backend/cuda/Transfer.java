package io.eider.engine.backend.cuda;

import io.eider.engine.backend.planned.Address;
import io.eider.engine.backend.planned.Block;
import io.eider.engine.backend.planned.Cleanup;
import io.eider.engine.backend.planned.HostBuffer;
import io.eider.engine.backend.planned.StoragePlan;
import io.eider.engine.graph.TensorType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * What one program exchanges with the host, twice in the same order: in a block of the device and in one of the host. Inputs,
 * then status words, then outputs; so one copy takes inputs and cleared words there, and one brings words and outputs
 * back.
 */
final class Transfer {
    private static final long ALIGNMENT = 256;

    private final CudaContext context;
    private final Map<StoragePlan.Own, Long> offsets = new LinkedHashMap<>();
    private final int words;
    private long firstWord;
    private long end;
    private Block device;
    private Block host;
    private LongPointer statuses;

    /** Creates it for that many status words. */
    Transfer(CudaContext context, int words) {
        this.context = context;
        this.words = words;
    }

    /** Adds a place; all inputs come before {@link #endOfInputs}, all outputs after it. */
    void add(StoragePlan.Own place) {
        if (!offsets.containsKey(place)) {
            offsets.put(place, end);
            end = aligned(end + place.bytes());
        }
    }

    /** Says that all inputs were added. */
    void endOfInputs() {
        firstWord = end;
        end = aligned(end + words * (long) Long.BYTES);
    }

    /** Allocates what was added; all of it is zero. */
    void allocate(Cleanup cleanup) {
        device = context.memory().zeros("inputs and outputs", end);
        cleanup.add(device::close);
        host = context.memory().pinned("inputs and outputs", end);
        cleanup.add(host::close);
        Pointer.memset(Address.of(host.address()), 0, end);
        statuses = new LongPointer(Address.of(host.address() + firstWord));
    }

    boolean contains(StoragePlan.Own place) {
        return offsets.containsKey(place);
    }

    /** Returns where a place lies on the device. */
    long address(StoragePlan.Own place) {
        return device.address() + offsets.get(place);
    }

    /** Returns the host's side of a place. */
    HostBuffer buffer(TensorType type, StoragePlan.Own place) {
        return new HostBuffer(type, host, offsets.get(place));
    }

    /** Returns where a status word lies on the device. */
    long word(int index) {
        return device.address() + firstWord + index * (long) Long.BYTES;
    }

    /** Returns a status word as the last run left it. */
    long status(int index) {
        return statuses.get(index);
    }

    /** Clears status words for the next run. */
    void clear() {
        for (int i = 0; i < words; i++) {
            statuses.put(i, 0);
        }
    }

    /** Asks for the copy of inputs and status words to the device. */
    void upload() {
        long bytes = firstWord + words * (long) Long.BYTES;
        context.copy(device.address(), host.address(), bytes, cudart.cudaMemcpyHostToDevice);
    }

    /** Asks for the copy of status words and outputs to the host. */
    void download() {
        context.copy(
                host.address() + firstWord,
                device.address() + firstWord,
                end - firstWord,
                cudart.cudaMemcpyDeviceToHost);
    }

    private static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
