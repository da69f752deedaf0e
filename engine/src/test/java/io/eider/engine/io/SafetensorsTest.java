package io.eider.engine.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.engine.graph.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    private static final StoredTensor WEIGHT = StoredTensor.of(Shape.of(2, 3), 1f, -2f, 3.5f, Float.NaN, -0f, 1e-40f);
    private static final StoredTensor LABELS = StoredTensor.of(Shape.of(3), 7L, -1L, Long.MIN_VALUE);
    private static final StoredTensor STEP = StoredTensor.of(Shape.SCALAR, 3);
    private static final StoredTensor LOSS = StoredTensor.of(Shape.SCALAR, 0.1);
    private static final StoredTensor EMPTY = StoredTensor.of(Shape.of(0, 5), new float[0]);

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("some.safetensors");
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        example().write(file);
        Safetensors read = Safetensors.read(file);
        assertThat(read.metadata()).isEqualTo(Map.of("epoch", "3", "config", "{\"lr\": 0.1}\nα"));
        assertThat(read.tensors().keySet())
                .containsExactlyInAnyOrderElementsOf(example().tensors().keySet());
        assertThat(read.tensors().get("weight").shape()).isEqualTo(Shape.of(2, 3));
        assertThat(read.tensors().get("weight").floats()).containsExactly(WEIGHT.floats());
        assertThat(read.tensors().get("labels").longs()).containsExactly(7, -1, Long.MIN_VALUE);
        assertThat(read.tensors().get("step").longs()).containsExactly(3);
        assertThat(read.tensors().get("loss").doubles()).containsExactly(0.1);
        assertThat(read.tensors().get("empty").floats()).isEmpty();
    }

    @Test
    void equalContentsGiveEqualBytesInAnyOrder() throws IOException {
        example().write(file);
        Map<String, StoredTensor> reversed = new LinkedHashMap<>();
        for (String name : List.of("empty", "loss", "step", "labels", "weight")) {
            reversed.put(name, example().tensors().get(name));
        }
        Path other = folder.resolve("other.safetensors");
        new Safetensors(reversed, example().metadata()).write(other);
        assertThat(other).hasSameBinaryContentAs(file);
    }

    @Test
    void dataIsAligned() throws IOException {
        example().write(file);
        byte[] bytes = Files.readAllBytes(file);
        long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        assertThat(header % 8).isZero();
        assertThat(bytes[8]).isEqualTo((byte) '{');
    }

    @Test
    void writingLeavesNothingElseBehindAndReplacesWhole() throws IOException {
        example().write(file);
        new Safetensors(Map.of("only", STEP), Map.of()).write(file);
        assertThat(Safetensors.read(file).tensors()).containsOnlyKeys("only");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aWriteThatFailsKeepsTheOldFile() throws IOException {
        example().write(file);
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(() -> AtomicFile.write(file, out -> {
                    out.write(1);
                    throw new IOException("disk full");
                }))
                .hasMessage("disk full");
        assertThat(file).hasBinaryContent(before);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void bfloat16IsReadExactly() throws IOException {
        write("{'a':{'dtype':'BF16','shape':[2],'data_offsets':[0,4]}}", 0x80, 0x3f, 0x00, 0xc0);
        assertThat(Safetensors.read(file).tensors().get("a").floats()).containsExactly(1f, -2f);
        assertThat(Safetensors.read(file).tensors().get("a").doubles()).containsExactly(1, -2);
    }

    @Test
    void numbersAreNotReadAsAnotherKind() {
        assertThatThrownBy(LABELS::floats)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("I64");
        assertThatThrownBy(WEIGHT::longs)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("F32");
        assertThatThrownBy(() -> StoredTensor.of(Shape.of(2), 1f)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Each header stands before 8 bytes of data. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "[]                                                                        | does not start with",
                "{'a':                                                                     | not valid JSON",
                "{} x                                                                      | not valid JSON",
                "{}                                                                        | 8 bytes that belong to no",
                "{'a':3}                                                                   | 'a' dtype",
                "{'a':{'dtype':'F16','shape':[4],'data_offsets':[0,8]}}                    | 'a' dtype \"F16\"",
                "{'a':{'dtype':'F32','data_offsets':[0,8]}}                                | 'a' has no shape",
                "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}                   | 'a' shape",
                "{'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}                  | 'a' shape",
                "{'a':{'dtype':'F32','shape':[99999999999],'data_offsets':[0,8]}}          | 'a' shape",
                "{'a':{'dtype':'F32','shape':[65536,65536,65536,65536],'data_offsets':[0,8]}} | 'a' F32[65536",
                "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}                    | 'a' has 8 bytes, but F32[3]",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0]}}                      | 'a' data_offsets",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8.5]}}                  | 'a' data_offsets",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}                   | 'a' data_offsets [4, 12]",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}}                   | 'a' data_offsets [-8, 0]",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}                    | 'a' data_offsets [8, 0]",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}                    | 'a' starts at byte 4",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | 'b' starts at byte 4 of the data, where another",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | Duplicate field 'a'",
                "{'__metadata__':{'k':3},'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | entry 'k' is not a string",
                "{'__metadata__':3,'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}   | __metadata__ is not",
            })
    void aBadHeaderIsRefusedByName(String header, String problem) throws IOException {
        write(header, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(SafetensorsException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(problem);
    }

    @Test
    void impossibleLengthsAreRefusedBeforeAllocating() throws IOException {
        for (long length : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 31, 100, 9}) {
            Files.write(file, lengthAnd(length, "{}      ".getBytes(StandardCharsets.UTF_8)));
            assertThatThrownBy(() -> Safetensors.read(file))
                    .isInstanceOf(SafetensorsException.class)
                    .hasMessageContaining("header");
        }
    }

    @Test
    void anyCutFileIsRefused() throws IOException {
        example().write(file);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Safetensors.read(file)).isInstanceOf(SafetensorsException.class);
        }
    }

    @Test
    void damagedFilesAreReadOrRefusedButNothingElse() throws IOException {
        example().write(file);
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(1);
        int refused = 0;
        for (int round = 0; round < 1000; round++) {
            byte[] damaged = whole.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(file, damaged);
            try {
                assertThat(Safetensors.read(file).tensors()).isNotEmpty();
            } catch (SafetensorsException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(500);
    }

    private static Safetensors example() {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        tensors.put("weight", WEIGHT);
        tensors.put("labels", LABELS);
        tensors.put("step", STEP);
        tensors.put("loss", LOSS);
        tensors.put("empty", EMPTY);
        return new Safetensors(tensors, Map.of("epoch", "3", "config", "{\"lr\": 0.1}\nα"));
    }

    private void write(String header, int... data) throws IOException {
        byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        byte[] rest = Arrays.copyOf(json, json.length + data.length);
        for (int i = 0; i < data.length; i++) {
            rest[json.length + i] = (byte) data[i];
        }
        Files.write(file, lengthAnd(json.length, rest));
    }

    private static byte[] lengthAnd(long length, byte[] rest) {
        return ByteBuffer.allocate(Long.BYTES + rest.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(rest)
                .array();
    }
}
