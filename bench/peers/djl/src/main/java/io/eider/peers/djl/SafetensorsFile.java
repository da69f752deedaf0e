package io.eider.peers.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tensors (float32 and int64) and the metadata of a safetensors file.
 *
 * @param tensors by name
 * @param metadata text by key
 */
record SafetensorsFile(Map<String, NDArray> tensors, Map<String, String> metadata) {
    static SafetensorsFile read(Path file, NDManager manager) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[Math.toIntExact(bytes.getLong())];
        bytes.get(header);
        int base = bytes.position();
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        JsonObject entries = JsonParser.parseString(new String(header, StandardCharsets.UTF_8))
                .getAsJsonObject();
        for (Map.Entry<String, JsonElement> entry : entries.entrySet()) {
            JsonObject value = entry.getValue().getAsJsonObject();
            if (entry.getKey().equals("__metadata__")) {
                value.entrySet().forEach(text -> metadata.put(text.getKey(), text.getValue().getAsString()));
                continue;
            }
            JsonArray place = value.getAsJsonArray("data_offsets");
            int begin = place.get(0).getAsInt();
            ByteBuffer data = bytes.slice(base + begin, place.get(1).getAsInt() - begin)
                    .order(ByteOrder.LITTLE_ENDIAN);
            boolean floating = value.get("dtype").getAsString().equals("F32");
            tensors.put(
                    entry.getKey(),
                    manager.create(
                            floating ? data.asFloatBuffer() : data.asLongBuffer(),
                            shape(value.getAsJsonArray("shape")),
                            floating ? DataType.FLOAT32 : DataType.INT64));
        }
        return new SafetensorsFile(tensors, metadata);
    }

    private static Shape shape(JsonArray extents) {
        long[] shape = new long[extents.size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = extents.get(i).getAsLong();
        }
        return new Shape(shape);
    }
}
