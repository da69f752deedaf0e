package io.eider.experiments.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A data set in the CIFAR-10 layout, but with 2 + 3 training and 2 test images. */
final class TinyCifar {
    private static final CounterRandom NOISE = CounterRandom.of(8, "tiny");

    static final Map<String, byte[]> CONTENTS = contents();
    static final byte[] ARCHIVE = archive(CONTENTS);
    static final Cifar SET = new Cifar(
            "tiny",
            "Tiny",
            1,
            "tiny-batches-bin",
            "tiny.tar.gz",
            "",
            List.of(file("data_batch_1.bin"), file("data_batch_2.bin")),
            file("test_batch.bin"),
            List.of("even", "odd"));

    private TinyCifar() {}

    private static Map<String, byte[]> contents() {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        contents.put("data_batch_1.bin", records(2, 0));
        contents.put("data_batch_2.bin", records(3, 100_000));
        contents.put("test_batch.bin", records(2, 200_000));
        return contents;
    }

    private static byte[] records(int count, long counter) {
        byte[] bytes = new byte[count * (1 + ImageSet.VALUES)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) NOISE.bits(counter + i);
            if (i % (1 + ImageSet.VALUES) == 0) {
                bytes[i] &= 1;
            }
        }
        return bytes;
    }

    private static CifarFile file(String name) {
        byte[] bytes = CONTENTS.get(name);
        return new CifarFile(name, bytes.length / (1 + ImageSet.VALUES), Hashes.sha256(bytes));
    }

    /** The contents as an official archive holds them, with a text file among them. */
    static byte[] archive(Map<String, byte[]> contents) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            tar(gzip, "tiny-batches-bin/", contents);
        } catch (IOException e) {
            throw new AssertionError("writing to memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    static void tar(OutputStream out, String prefix, Map<String, byte[]> contents) throws IOException {
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            put(tar, prefix + "readme.html", new byte[] {1, 2, 3});
            for (Map.Entry<String, byte[]> entry : contents.entrySet()) {
                put(tar, prefix + entry.getKey(), entry.getValue());
            }
        }
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] bytes) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    static void writeFiles(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, byte[]> entry : CONTENTS.entrySet()) {
            Files.write(folder.resolve(entry.getKey()), entry.getValue());
        }
    }

    /** The set, but expecting this archive. */
    static Cifar withArchiveMd5(String md5) {
        return new Cifar(
                SET.id(),
                SET.title(),
                SET.labelBytes(),
                SET.folder(),
                SET.archive(),
                md5,
                SET.trainFiles(),
                SET.testFile(),
                SET.classNames());
    }

    /** The bytes with one bit turned over. */
    static byte[] damaged(byte[] bytes) {
        byte[] copy = Arrays.copyOf(bytes, bytes.length);
        copy[copy.length / 2] ^= 1;
        return copy;
    }
}
