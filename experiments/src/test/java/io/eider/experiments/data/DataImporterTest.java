package io.eider.experiments.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eider.experiments.UserError;
import io.eider.experiments.data.DataVerifier.State;
import io.eider.experiments.data.DataVerifier.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataImporterTest {
    private static final Cifar TINY = TinyCifar.SET;

    @TempDir
    Path folder;

    private DataFolder data;
    private Path from;
    private DataImporter importer;

    @BeforeEach
    void newFolders() throws IOException {
        data = new DataFolder(folder.resolve("cache"));
        from = Files.createDirectories(folder.resolve("from"));
        importer = new DataImporter(data, List.of(TINY), Progress.NONE);
    }

    @Test
    void importsFilesLyingInTheFolder() throws IOException {
        TinyCifar.writeFiles(from);
        assertThat(importer.importFrom(from)).containsExactly(TINY);
        assertThat(DataVerifier.isIntact(data, TINY)).isTrue();
    }

    @Test
    void importsTheUnpackedFolder() throws IOException {
        TinyCifar.writeFiles(from.resolve(TINY.folder()));
        assertThat(importer.importFrom(from)).containsExactly(TINY);
        assertThat(DataVerifier.isIntact(data, TINY)).isTrue();
    }

    @Test
    void importsTheArchiveInAFolderOrNamedDirectly() throws IOException {
        Path archive = Files.write(from.resolve(TINY.archive()), TinyCifar.ARCHIVE);
        assertThat(importer.importFrom(from)).containsExactly(TINY);
        assertThat(DataVerifier.isIntact(data, TINY)).isTrue();

        Files.delete(data.file(TINY, TINY.testFile()));
        assertThat(importer.importFrom(archive)).containsExactly(TINY);
        assertThat(DataVerifier.isIntact(data, TINY)).isTrue();
        assertThat(archive).exists();
    }

    @Test
    void damagedFileIsRefusedAndNamed() throws IOException {
        TinyCifar.writeFiles(from);
        Path bad = from.resolve("data_batch_2.bin");
        Files.write(bad, TinyCifar.damaged(Files.readAllBytes(bad)));

        assertThatThrownBy(() -> importer.importFrom(from))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(bad.toString())
                .hasMessageContaining("SHA-256");
        assertThat(data.folder(TINY).resolve("data_batch_2.bin")).doesNotExist();
    }

    @Test
    void damagedFileDoesNotReplaceAGoodOne() throws IOException {
        TinyCifar.writeFiles(from);
        importer.importFrom(from);
        Files.write(from.resolve("test_batch.bin"), new byte[3]);

        assertThatThrownBy(() -> importer.importFrom(from)).isInstanceOf(UserError.class);
        assertThat(DataVerifier.isIntact(data, TINY)).isTrue();
    }

    @Test
    void truncatedArchiveIsRefused() throws IOException {
        Files.write(from.resolve(TINY.archive()), Arrays.copyOf(TinyCifar.ARCHIVE, 9_000));
        assertThatThrownBy(() -> importer.importFrom(from))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("cannot unpack " + from.resolve(TINY.archive()));
    }

    @Test
    void partOfADataSetIsRefused() throws IOException {
        TinyCifar.writeFiles(from);
        Files.delete(from.resolve("data_batch_1.bin"));
        assertThatThrownBy(() -> importer.importFrom(from))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("only part of Tiny: data_batch_1.bin is missing");
    }

    @Test
    void folderWithoutDataSetSaysWhatWasLookedFor() {
        assertThatThrownBy(() -> new DataImporter(data, Progress.NONE).importFrom(from))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no data set in " + from)
                .hasMessageContaining("cifar-10-binary.tar.gz")
                .hasMessageContaining("cifar-100-binary/");
        assertThatThrownBy(() -> importer.importFrom(folder.resolve("nowhere")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("there is no");
    }

    @Test
    void verifyTellsOkMissingAndDamagedApart() throws IOException {
        TinyCifar.writeFiles(data.folder(TINY));
        Files.delete(data.file(TINY, TINY.trainFiles().get(0)));
        Files.write(data.file(TINY, TINY.testFile()), new byte[3]);

        assertThat(DataVerifier.verify(data, TINY))
                .extracting(Verdict::state)
                .containsExactly(State.MISSING, State.OK, State.DAMAGED);
        assertThat(DataVerifier.isIntact(data, TINY)).isFalse();
    }

    @Test
    void realDataHasThePublishedSums() {
        assertThat(DataVerifier.verify(RealData.with(Cifar.CIFAR10), Cifar.CIFAR10))
                .hasSize(6)
                .allSatisfy(verdict ->
                        assertThat(verdict.state()).as(verdict.toString()).isEqualTo(State.OK));
    }
}
