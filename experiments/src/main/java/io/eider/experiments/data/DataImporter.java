package io.eider.experiments.data;

import io.eider.experiments.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Copies data sets a user already has into the cache folder, checking every file's SHA-256.
 *
 * <p>Recognised in a folder: the {@code .bin} files themselves, the folder they lie in after unpacking, or the official
 * {@code .tar.gz} archive. The archive may also be named directly.
 */
public final class DataImporter {
    private final DataFolder data;
    private final List<Cifar> known;
    private final Progress progress;

    /**
     * An importer of both CIFAR data sets.
     *
     * @param data the cache folder
     * @param progress hears of copied files
     */
    public DataImporter(DataFolder data, Progress progress) {
        this(data, Cifar.ALL, progress);
    }

    DataImporter(DataFolder data, List<Cifar> known, Progress progress) {
        this.data = data;
        this.known = known;
        this.progress = progress;
    }

    /**
     * Imports every data set found.
     *
     * @param from a folder, or an archive
     * @return the data sets imported, at least one
     * @throws UserError if there is none, one is incomplete or damaged, or the cache folder cannot be written
     */
    public List<Cifar> importFrom(Path from) {
        if (!Files.exists(from)) {
            throw new UserError("there is no " + from + "; name the folder that holds the data set");
        }
        List<Cifar> imported = new ArrayList<>();
        for (Cifar set : known) {
            if (importFrom(from, set)) {
                imported.add(set);
            }
        }
        if (imported.isEmpty()) {
            throw new UserError("no data set in " + from + "; looked for "
                    + known.stream()
                            .map(set -> set.archive() + ", " + set.folder() + "/ and "
                                    + set.files().get(0).name())
                            .collect(Collectors.joining("; for ")));
        }
        return imported;
    }

    private boolean importFrom(Path from, Cifar set) {
        for (Path folder : List.of(from, from.resolve(set.folder()))) {
            if (set.files().stream().anyMatch(file -> Files.isRegularFile(folder.resolve(file.name())))) {
                copy(folder, set);
                return true;
            }
        }
        for (Path archive : List.of(from, from.resolve(set.archive()))) {
            if (archive.endsWith(set.archive()) && Files.isRegularFile(archive)) {
                CifarArchive.install(data, set, archive, progress);
                return true;
            }
        }
        return false;
    }

    private void copy(Path folder, Cifar set) {
        List<CifarFile> files = set.files();
        for (CifarFile file : files) {
            if (!Files.isRegularFile(folder.resolve(file.name()))) {
                throw new UserError(folder + " holds only part of " + set.title() + ": " + file.name()
                        + " is missing; add it and run the command again");
            }
        }
        for (int i = 0; i < files.size(); i++) {
            Path source = folder.resolve(files.get(i).name());
            try {
                FileInstaller.install(data, set, files.get(i), source.toString(), out -> Files.copy(source, out));
            } catch (IOException e) {
                throw new UserError(
                        "cannot copy " + source + " to " + data.folder(set) + ": " + e
                                + "; check that the one is readable and the other writable",
                        e);
            }
            progress.update("importing " + set.title(), i + 1L, files.size());
        }
    }
}
