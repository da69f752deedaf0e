package io.eider.experiments.data;

import io.eider.experiments.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Unpacks an official {@code .tar.gz} archive into the cache folder, checking every file. */
final class CifarArchive {
    private CifarArchive() {}

    /**
     * Installs all data files of the set; other entries, such as class names, are passed over.
     *
     * @throws UserError if the archive is damaged or a file is missing or has another sum
     */
    static void install(DataFolder data, Cifar set, Path archive, Progress progress) {
        List<CifarFile> missing = new ArrayList<>(set.files());
        int total = missing.size();
        try (InputStream file = Files.newInputStream(archive);
                TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file, 1 << 16))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String name = entry.getName();
                Optional<CifarFile> wanted = missing.stream()
                        .filter(one -> name.equals(one.name()) || name.endsWith("/" + one.name()))
                        .findFirst();
                if (wanted.isPresent()) {
                    FileInstaller.install(data, set, wanted.get(), archive.toString(), tar::transferTo);
                    missing.remove(wanted.get());
                    progress.update("unpacking " + set.title(), total - missing.size(), total);
                }
            }
        } catch (IOException e) {
            throw new UserError(
                    "cannot unpack " + archive + " into " + data.folder(set) + ": " + e
                            + "; check the free space there, or get the archive again",
                    e);
        }
        if (!missing.isEmpty()) {
            throw new UserError(archive + " does not hold "
                    + missing.stream().map(CifarFile::name).collect(Collectors.joining(", "))
                    + "; get the archive again from the official site");
        }
    }
}
