package io.eider.experiments.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.experiments.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DownloadTest {
    private static final byte[] CONTENT = content();

    @TempDir
    Path folder;

    private Path target;
    private Path part;
    private String md5;

    private static byte[] content() {
        byte[] bytes = new byte[1_000_000];
        CounterRandom random = CounterRandom.of(1, "content");
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) random.bits(i);
        }
        return bytes;
    }

    @BeforeEach
    void names() throws IOException {
        md5 = Hashes.md5(Files.write(folder.resolve("original"), CONTENT));
        target = folder.resolve("cache").resolve("file.tar.gz");
        part = folder.resolve("cache").resolve("file.tar.gz.part");
        Files.createDirectories(part.getParent());
    }

    private Download download(FileServer server, Progress progress) {
        return new Download(server.uri().resolve("file.tar.gz"), target, md5, progress);
    }

    @Test
    void downloadsAndTellsHowFarItIs() throws IOException {
        List<Long> done = new ArrayList<>();
        try (FileServer server = new FileServer(CONTENT)) {
            download(server, (what, now, total) -> {
                        assertThat(what).isEqualTo("downloading file.tar.gz");
                        assertThat(total).isEqualTo(CONTENT.length);
                        done.add(now);
                    })
                    .run();
        }
        assertThat(target).hasBinaryContent(CONTENT);
        assertThat(part).doesNotExist();
        assertThat(done).isSorted().endsWith((long) CONTENT.length);
    }

    @Test
    void goesOnWhereACutConnectionStopped() throws IOException {
        try (FileServer server = new FileServer(CONTENT).cut(2, 300_000)) {
            download(server, Progress.NONE).run();
            assertThat(server.ranges()).containsExactly("none", "bytes=300000-", "bytes=600000-");
        }
        assertThat(target).hasBinaryContent(CONTENT);
    }

    @Test
    void goesOnWhereAnEarlierProcessStopped() throws IOException {
        Files.write(part, Arrays.copyOf(CONTENT, 400_000));
        try (FileServer server = new FileServer(CONTENT)) {
            download(server, Progress.NONE).run();
            assertThat(server.ranges()).containsExactly("bytes=400000-");
        }
        assertThat(target).hasBinaryContent(CONTENT);
    }

    @Test
    void completePartNeedsNoFurtherByte() throws IOException {
        Files.write(part, CONTENT);
        try (FileServer server = new FileServer(CONTENT)) {
            download(server, Progress.NONE).run();
        }
        assertThat(target).hasBinaryContent(CONTENT);
    }

    @Test
    void partThatIsTooLongIsStartedAfresh() throws IOException {
        Files.write(part, Arrays.copyOf(CONTENT, CONTENT.length + 7));
        try (FileServer server = new FileServer(CONTENT)) {
            download(server, Progress.NONE).run();
            assertThat(server.ranges()).hasSize(2).endsWith("none");
        }
        assertThat(target).hasBinaryContent(CONTENT);
    }

    @Test
    void serverWithoutRangesStartsFromTheBeginning() throws IOException {
        Files.write(part, new byte[400_000]);
        try (FileServer server = new FileServer(CONTENT).withoutRanges()) {
            download(server, Progress.NONE).run();
        }
        assertThat(target).hasBinaryContent(CONTENT);
    }

    @Test
    void wrongSumDeletesWhatCameAndSaysSo() throws IOException {
        try (FileServer server = new FileServer(TinyCifar.damaged(CONTENT))) {
            assertThatThrownBy(() -> download(server, Progress.NONE).run())
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("MD5")
                    .hasMessageContaining(md5);
        }
        assertThat(target).doesNotExist();
        assertThat(part).doesNotExist();
    }

    @Test
    void connectionThatBringsNothingIsGivenUpButThePartIsKept() throws IOException {
        Files.write(part, Arrays.copyOf(CONTENT, 400_000));
        try (FileServer server = new FileServer(CONTENT).cut(100, 0)) {
            assertThatThrownBy(() -> download(server, Progress.NONE).run())
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("broke off after 400000 bytes");
        }
        assertThat(part).hasSize(400_000);
    }

    @Test
    void errorAnswerIsPassedOn() throws IOException {
        try (FileServer server = new FileServer(CONTENT).answering(404)) {
            assertThatThrownBy(() -> download(server, Progress.NONE).run())
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("answered 404")
                    .hasMessageContaining("eider data import DIR");
        }
    }

    @Test
    void siteThatCannotBeReachedIsToldApart() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        URI nobody = URI.create("http://127.0.0.1:" + port + "/file");
        assertThatThrownBy(() -> new Download(nobody, target, md5, Progress.NONE).run())
                .isInstanceOf(Download.Unreachable.class)
                .hasMessageContaining("127.0.0.1 cannot be reached");
    }

    @Test
    void presentFileIsNotAskedForAgain() throws IOException {
        Files.write(target, CONTENT);
        try (FileServer server = new FileServer(CONTENT)) {
            download(server, Progress.NONE).run();
            assertThat(server.ranges()).isEmpty();
        }
    }

    @Test
    void secondDownloadOfTheSameFileIsRefused() throws IOException {
        try (FileServer server = new FileServer(CONTENT);
                FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            assertThatThrownBy(() -> download(server, Progress.NONE).run())
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("another process is downloading");
        }
    }
}
