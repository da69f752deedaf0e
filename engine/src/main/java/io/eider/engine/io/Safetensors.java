package io.eider.engine.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The contents of a safetensors file: 8 bytes little-endian length of the header, the header (JSON: per tensor dtype,
 * shape and place), the data. A file holds numbers only; reading one runs no code of its author's. Format:
 * huggingface/safetensors, README, "Format".
 *
 * @param tensors by name; read: in the order of the data
 * @param metadata free text by key
 */
public record Safetensors(Map<String, StoredTensor> tensors, Map<String, String> metadata) {
    private static final int LENGTH_BYTES = Long.BYTES;

    /** Headers above this are refused before they are read; it is room for some 100,000 tensors. */
    private static final int MAX_HEADER_BYTES = 16 << 20;

    /** Copies both maps, keeping their order. */
    public Safetensors {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /**
     * Reads a whole file.
     *
     * @throws SafetensorsException if it is cut short or not valid, or a type is none of {@link StoredType}; names the
     *     tensor
     * @throws IOException if it cannot be read
     */
    public static Safetensors read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < LENGTH_BYTES) {
                throw new SafetensorsException(file, "is not safetensors: it has only " + size + " bytes");
            }
            long headerBytes = ByteBuffer.wrap(take(file, channel, LENGTH_BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong();
            // Checked before anything is allocated by it; a negative length is one above 2^63.
            if (headerBytes < 0 || headerBytes > MAX_HEADER_BYTES) {
                throw new SafetensorsException(
                        file,
                        "is not safetensors: its header would be " + Long.toUnsignedString(headerBytes)
                                + " bytes, the limit is " + MAX_HEADER_BYTES);
            }
            if (headerBytes > size - LENGTH_BYTES) {
                throw new SafetensorsException(
                        file, "is cut short: its header would be " + headerBytes + " bytes, the file is " + size);
            }
            SafetensorsHeader header = SafetensorsHeader.parse(
                    file, take(file, channel, (int) headerBytes), size - LENGTH_BYTES - headerBytes);
            Map<String, StoredTensor> tensors = new LinkedHashMap<>();
            for (SafetensorsHeader.Entry entry : header.entries()) {
                byte[] data = take(file, channel, entry.bytes());
                tensors.put(entry.name(), new StoredTensor(entry.type(), entry.shape(), data));
            }
            return new Safetensors(tensors, header.metadata());
        }
    }

    /**
     * Writes a file, whole or not at all. Equal contents give equal bytes, whatever the order of the maps: wide types
     * come first, which aligns every tensor, then names ascend.
     *
     * @throws IOException if it cannot be written; then a file of that name is as it was
     */
    public void write(Path file) throws IOException {
        List<SafetensorsHeader.Entry> entries = new ArrayList<>();
        long end = 0;
        for (String name : orderedNames()) {
            StoredTensor tensor = tensors.get(name);
            long begin = end;
            end += tensor.bytes().length;
            entries.add(new SafetensorsHeader.Entry(name, tensor.type(), tensor.shape(), begin, end));
        }
        byte[] header = new SafetensorsHeader(entries, new TreeMap<>(metadata)).toJson();
        AtomicFile.write(file, out -> {
            out.write(ByteBuffer.allocate(LENGTH_BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .array());
            out.write(header);
            for (SafetensorsHeader.Entry entry : entries) {
                out.write(tensors.get(entry.name()).bytes());
            }
        });
    }

    private List<String> orderedNames() {
        Comparator<String> wideFirst =
                Comparator.comparingInt(name -> -tensors.get(name).type().bytes());
        return tensors.keySet().stream()
                .sorted(wideFirst.thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    private static byte[] take(Path file, FileChannel channel, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException(file + " became shorter while it was read");
            }
        }
        return buffer.array();
    }
}
