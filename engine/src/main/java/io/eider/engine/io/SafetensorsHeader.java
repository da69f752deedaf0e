package io.eider.engine.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eider.engine.graph.Shape;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a safetensors file says of its data. Once parsed, every entry lies inside the data and has as many bytes as type
 * and shape need, and the entries cover the data without gap or overlap.
 *
 * @param entries in the order of their data
 * @param metadata free text by key, in the order of the file
 */
record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata) {
    private static final String METADATA = "__metadata__";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** One tensor: bytes {@code begin} to {@code end}, exclusive, of the data. */
    record Entry(String name, StoredType type, Shape shape, long begin, long end) {
        int bytes() {
            return (int) (end - begin);
        }
    }

    /**
     * Parses a header.
     *
     * @param file for messages
     * @param json the header's bytes
     * @param dataBytes how many bytes follow it
     */
    static SafetensorsHeader parse(Path file, byte[] json, long dataBytes) throws SafetensorsException {
        List<Entry> entries = new ArrayList<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : object(file, json).properties()) {
            if (field.getKey().equals(METADATA)) {
                readMetadata(file, field.getValue(), metadata);
            } else {
                entries.add(entry(file, field.getKey(), field.getValue(), dataBytes));
            }
        }
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        checkCover(file, entries, dataBytes);
        return new SafetensorsHeader(List.copyOf(entries), metadata);
    }

    /** Returns the header's bytes, padded with spaces so that the data starts at a multiple of 8. */
    byte[] toJson() {
        ObjectNode root = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode texts = root.putObject(METADATA);
            metadata.forEach(texts::put);
        }
        for (Entry entry : entries) {
            ObjectNode node = root.putObject(entry.name());
            node.put("dtype", entry.type().name());
            ArrayNode shape = node.putArray("shape");
            Arrays.stream(entry.shape().dims()).forEach(shape::add);
            node.putArray("data_offsets").add(entry.begin()).add(entry.end());
        }
        byte[] json = root.toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }

    private static JsonNode object(Path file, byte[] json) throws SafetensorsException {
        try {
            // Decoded here, because Jackson would guess UTF-16 or UTF-32 from the first bytes.
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
            if (!text.startsWith("{")) {
                throw new SafetensorsException(file, "is not safetensors: its header does not start with '{'");
            }
            return JSON.readTree(text);
        } catch (CharacterCodingException e) {
            throw new SafetensorsException(file, "is not safetensors: its header is not UTF-8", e);
        } catch (JsonProcessingException e) {
            throw new SafetensorsException(file, "header is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void readMetadata(Path file, JsonNode node, Map<String, String> metadata)
            throws SafetensorsException {
        if (!node.isObject()) {
            throw new SafetensorsException(file, METADATA + " is not an object of strings");
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!field.getValue().isTextual()) {
                throw new SafetensorsException(file, METADATA + " entry '" + field.getKey() + "' is not a string");
            }
            metadata.put(field.getKey(), field.getValue().textValue());
        }
    }

    private static Entry entry(Path file, String name, JsonNode node, long dataBytes) throws SafetensorsException {
        StoredType type = type(file, name, node.path("dtype"));
        Shape shape = shape(file, name, node.path("shape"));
        JsonNode offsets = node.path("data_offsets");
        if (offsets.size() != 2
                || !offsets.path(0).canConvertToLong()
                || !offsets.path(1).canConvertToLong()
                || !offsets.path(0).isIntegralNumber()
                || !offsets.path(1).isIntegralNumber()) {
            throw bad(file, name, "data_offsets must be two integers");
        }
        long begin = offsets.path(0).longValue();
        long end = offsets.path(1).longValue();
        if (begin < 0 || end < begin || end > dataBytes) {
            throw bad(
                    file,
                    name,
                    "data_offsets [" + begin + ", " + end + "] lie outside the file's " + dataBytes
                            + " bytes of data; the file may be cut short");
        }
        if (end - begin != bytes(file, name, type, shape)) {
            throw bad(
                    file,
                    name,
                    "has " + (end - begin) + " bytes, but " + type + shape + " needs "
                            + bytes(file, name, type, shape));
        }
        return new Entry(name, type, shape, begin, end);
    }

    private static StoredType type(Path file, String name, JsonNode node) throws SafetensorsException {
        for (StoredType type : StoredType.values()) {
            if (type.name().equals(node.textValue())) {
                return type;
            }
        }
        throw bad(file, name, "dtype " + node + " is not one of " + Arrays.toString(StoredType.values()));
    }

    private static Shape shape(Path file, String name, JsonNode node) throws SafetensorsException {
        int[] dims = new int[node.size()];
        for (int axis = 0; axis < dims.length; axis++) {
            JsonNode dim = node.path(axis);
            if (!dim.isIntegralNumber() || !dim.canConvertToInt() || dim.intValue() < 0) {
                throw bad(file, name, "shape must be integers from 0 to " + Integer.MAX_VALUE);
            }
            dims[axis] = dim.intValue();
        }
        if (!node.isArray()) {
            throw bad(file, name, "has no shape");
        }
        return Shape.of(dims);
    }

    private static int bytes(Path file, String name, StoredType type, Shape shape) throws SafetensorsException {
        long bytes = type.bytes();
        try {
            for (int dim : shape.dims()) {
                bytes = Math.multiplyExact(bytes, dim);
            }
            return Math.toIntExact(bytes);
        } catch (ArithmeticException e) {
            throw bad(file, name, type + shape.toString() + " is more than 2 GiB");
        }
    }

    private static void checkCover(Path file, List<Entry> entries, long dataBytes) throws SafetensorsException {
        long covered = 0;
        for (Entry entry : entries) {
            if (entry.begin() != covered) {
                throw bad(
                        file,
                        entry.name(),
                        "starts at byte " + entry.begin() + " of the data, where "
                                + (entry.begin() < covered
                                        ? "another tensor lies"
                                        : "bytes before it belong to no tensor"));
            }
            covered = entry.end();
        }
        if (covered != dataBytes) {
            throw new SafetensorsException(
                    file, "ends with " + (dataBytes - covered) + " bytes that belong to no tensor");
        }
    }

    private static SafetensorsException bad(Path file, String name, String problem) {
        return new SafetensorsException(file, "tensor '" + name + "' " + problem);
    }
}
