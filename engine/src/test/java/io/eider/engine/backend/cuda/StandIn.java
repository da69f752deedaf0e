package io.eider.engine.backend.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The books of the stand-in device, which it shares through a file, and the order to fail (control.h in the native
 * module). The file must be there before CUDA's libraries are loaded.
 */
public final class StandIn {
    private static final int BYTES = 4096;
    private static final int NAME = 2048;

    /** CUDA's number of a kernel that ended in the middle. */
    private static final int LAUNCH_FAILURE = 719;

    private static final StandIn THE = new StandIn();

    private final MappedByteBuffer file;
    private final LongBuffer words;

    private StandIn() {
        Path path = Path.of(System.getenv("EIDER_STANDIN_CONTROL"));
        try {
            Files.write(path, new byte[BYTES]);
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                file = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        words = file.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    }

    /** Returns the one of this process. */
    public static StandIn get() {
        return THE;
    }

    /** Makes the count-th call from now on fail; 0 for none. */
    public void failAt(long count) {
        failAt(count, 0);
    }

    /** Makes the device fail with the count-th call from now on, and until the next order. */
    public void loseAt(long count) {
        failAt(count, 0);
        words.put(13, LAUNCH_FAILURE);
    }

    /** The same with a status of the library that is called; 0 for one that is plausible. */
    void failAt(long count, long status) {
        words.put(13, 0);
        words.put(1, status);
        words.put(0, count);
    }

    /** Makes cuDNN refuse, whenever it is run or tried, an algorithm that it proposes; -1 for none. */
    void refuseAlgorithm(int number) {
        words.put(14, number + 1);
    }

    /** Returns whether the call that was to fail has come. */
    boolean hasFailed() {
        return words.get(0) == 0;
    }

    /** Returns the name of the function that was made to fail last. */
    public String failed() {
        byte[] bytes = new byte[BYTES - NAME];
        file.get(NAME, bytes);
        int end = 0;
        while (bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.US_ASCII);
    }

    /** Returns how many there were so far. */
    public long calls() {
        return words.get(2);
    }

    /** Returns how many there were so far. */
    public long kernels() {
        return words.get(3);
    }

    /** Returns how many there were so far. */
    public long graphLaunches() {
        return words.get(4);
    }

    /** Returns how many there were so far. */
    public long copiesToDevice() {
        return words.get(5);
    }

    /** Returns how many there were so far. */
    public long copiesToHost() {
        return words.get(6);
    }

    /** Returns how many were copied to the device so far. */
    public long bytesToDevice() {
        return words.get(11);
    }

    /** Returns how many blocks of device and pinned memory, streams, graphs, handles and descriptors there are. */
    long alive() {
        return words.get(8) + words.get(9) + words.get(10);
    }
}
