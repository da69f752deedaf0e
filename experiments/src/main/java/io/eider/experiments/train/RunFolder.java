package io.eider.experiments.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eider.engine.io.AtomicFile;
import io.eider.experiments.IoReason;
import io.eider.experiments.UserError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The folder of one run:
 *
 * <pre>
 * run.json          configuration, split, versions, machine, status
 * split.txt         the images, by index
 * metrics.csv       one row an epoch
 * classes.csv       one row an epoch and class
 * timing.csv        one row an epoch
 * last.safetensors  checkpoint to go on from
 * best.safetensors  checkpoint with the smallest error on the test set
 * confusion.csv     the latest look at the test set, class by class
 * weights.csv       the weight of every example in the last epoch
 * weights/          the same for every epoch of stage 2, on request: epoch-N.csv
 * steps/            what a step runs, by stage and batch size: ops, shapes, kernels and algorithms chosen for them
 * report.md         accuracy by class, and by many, medium and few training images
 * </pre>
 *
 * <p>Files are replaced as a whole; a process may be killed at any moment. One process at a time uses the folder.
 */
public final class RunFolder implements AutoCloseable {
    private final Path path;
    private final FileChannel lockFile;
    private final FileLock lock;

    private RunFolder(Path path, FileChannel lockFile, FileLock lock) {
        this.path = path;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * Makes the folder, if need be, and takes hold of it. A killed process holds nothing.
     *
     * @param path the folder
     * @return the folder, held
     * @throws UserError if it cannot be written, or another process holds it
     */
    public static RunFolder open(Path path) {
        try {
            Files.createDirectories(path);
            FileChannel channel =
                    FileChannel.open(path.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new UserError(path + " is in use by another run; wait for it, or choose another --out");
            }
            removeLeftovers(path);
            return new RunFolder(path, channel, lock);
        } catch (IOException e) {
            throw new UserError(
                    "cannot write to " + path + ": " + IoReason.of(e) + "; choose a writable folder with --out", e);
        }
    }

    /** Returns null if the lock is held, by another process or by this one. */
    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** A process killed while it wrote leaves the file under its temporary name. */
    private static void removeLeftovers(Path path) throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(path, "*.tmp")) {
            for (Path leftover : leftovers) {
                Files.delete(leftover);
            }
        }
    }

    /**
     * Where it is.
     *
     * @return the path as given
     */
    public Path path() {
        return path;
    }

    /**
     * The checkpoint to go on from.
     *
     * @return a path that need not exist
     */
    public Path last() {
        return path.resolve("last.safetensors");
    }

    /**
     * The checkpoint with the smallest error on the test set.
     *
     * @return a path that need not exist
     */
    public Path best() {
        return path.resolve("best.safetensors");
    }

    /** Returns where the weights of an epoch's examples go. */
    List<Path> weights(TrainConfig config, int epoch) {
        List<Path> files = new ArrayList<>();
        if (config.logWeights() == LogWeights.ALL) {
            files.add(path.resolve("weights/epoch-" + epoch + ".csv"));
        }
        if (epoch + 1 == config.epochs()) {
            files.add(path.resolve("weights.csv"));
        }
        return files;
    }

    /**
     * What {@code run.json} says.
     *
     * @param path the folder
     * @return its tree, or nothing if no run was begun here
     */
    public static Optional<ObjectNode> readRecord(Path path) {
        Path file = path.resolve("run.json");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            if (Json.parse(Files.readString(file, StandardCharsets.UTF_8), file.toString())
                    instanceof ObjectNode record) {
                return Optional.of(record);
            }
            throw new UserError(file + " is damaged: it is not an object");
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + IoReason.of(e), e);
        }
    }

    /**
     * Replaces {@code run.json}.
     *
     * @param record its tree
     */
    public void writeRecord(ObjectNode record) {
        write("run.json", Json.text(record) + "\n");
    }

    /**
     * Replaces a text file.
     *
     * @param name its name in the folder
     * @param text UTF-8
     * @throws UserError if it cannot be written
     */
    public void write(String name, String text) {
        try {
            AtomicFile.write(path.resolve(name), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UserError("cannot write " + path.resolve(name) + ": " + IoReason.of(e), e);
        }
    }

    @Override
    public void close() {
        try {
            lock.release();
            lockFile.close();
        } catch (IOException e) {
            throw new UserError("cannot let go of " + path + ": " + IoReason.of(e), e);
        }
    }
}
