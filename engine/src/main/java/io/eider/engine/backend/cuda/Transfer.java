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
 * What one program exchanges with the host. On the device lie inputs, then status words, then outputs; the host sends inputs
 * and cleared words with one copy, and receives words and outputs with another.
 *
 * <p>What is sent goes into memory beside it first, in the stream for uploads, and so also while a run reads the inputs of
 * before; the next run takes it from there, which costs little at the speed of the device's memory. Two such places take
 * turns: when one is written again, the run that took it is over.
 */
final class Transfer {
    private static final long ALIGNMENT = 256;
    private static final int PLACES = 2;

    private final CudaContext context;
    private final Map<StoragePlan.Own, Long> offsets = new LinkedHashMap<>();
    private final int words;
    private long firstWord;
    private long sentBytes;
    private long end;
    private Block device;
    private Block sent;
    private Block received;
    private LongPointer statuses;

    // Made once: an upload leaves no garbage.
    private final Pointer[] arriving = new Pointer[PLACES];
    private Pointer toSend;
    private Pointer taken;
    private int turn;
    private boolean uploaded;

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
        sentBytes = end;
    }

    /** Allocates what was added; inputs, words and outputs are zero. */
    void allocate(Cleanup cleanup) {
        device = cleanup.keep(context.memory().zeros("inputs and outputs", end));
        for (int i = 0; i < PLACES; i++) {
            Block block = cleanup.keep(context.memory().uninitialised("inputs that arrive", sentBytes));
            arriving[i] = Address.of(block.address());
        }
        sent = cleanup.keep(context.memory().pinned("inputs", sentBytes));
        received = cleanup.keep(context.memory().pinned("outputs", end - firstWord));
        taken = Address.of(device.address());
        toSend = Address.of(sent.address());
        Pointer.memset(toSend, 0, sent.bytes());
        Pointer.memset(Address.of(received.address()), 0, received.bytes());
        statuses = new LongPointer(Address.of(received.address()));
    }

    boolean contains(StoragePlan.Own place) {
        return offsets.containsKey(place);
    }

    /** Returns where a place lies on the device. */
    long address(StoragePlan.Own place) {
        return device.address() + offsets.get(place);
    }

    /** Returns the host's side of an input. */
    HostBuffer input(TensorType type, StoragePlan.Own place) {
        return new HostBuffer(type, sent, offsets.get(place));
    }

    /** Returns the host's side of an output. */
    HostBuffer output(TensorType type, StoragePlan.Own place) {
        return new HostBuffer(type, received, offsets.get(place) - firstWord);
    }

    /** Returns where a status word lies on the device. */
    long word(int index) {
        return device.address() + firstWord + index * (long) Long.BYTES;
    }

    /** Returns a status word as the last run left it. */
    long status(int index) {
        return statuses.get(index);
    }

    /** Asks for the copy of inputs and cleared words to the device, beside a run that goes on. */
    void upload() {
        context.upload(arriving[turn], toSend, sentBytes);
        uploaded = true;
    }

    /** Asks that the next run has what was uploaded, or else what the host's side holds; the host may write there again. */
    void take() {
        if (!uploaded) {
            upload();
        }
        forgetUpload();
        context.awaitUploads();
        context.copy(taken, arriving[turn], sentBytes, cudart.cudaMemcpyDeviceToDevice);
        turn = (turn + 1) % PLACES;
    }

    /** Says that what was uploaded is not what the next run is to have. */
    void forgetUpload() {
        uploaded = false;
    }

    /** Asks for the copy of status words and outputs to the host. */
    void download() {
        context.copy(received.address(), device.address() + firstWord, end - firstWord, cudart.cudaMemcpyDeviceToHost);
    }

    private static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
