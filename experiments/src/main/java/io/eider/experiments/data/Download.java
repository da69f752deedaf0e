package io.eider.experiments.data;

import io.eider.experiments.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Downloads one file over HTTP so that an interruption costs nothing: bytes go to {@code NAME.part}, a later call asks for
 * the rest, and only a file with the right MD5 gets its name.
 *
 * <p>Uses {@link HttpURLConnection} because its read timeout also notices a server that falls silent within the body.
 */
final class Download {
    private static final int CONNECT_MILLIS = 15_000;
    private static final int READ_MILLIS = 60_000;
    private static final int FRUITLESS_TRIES = 3;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final URI source;
    private final Path target;
    private final String md5;
    private final Progress progress;

    Download(URI source, Path target, String md5, Progress progress) {
        this.source = source;
        this.target = target;
        this.md5 = md5;
        this.progress = progress;
    }

    /** No connection to the site could be made: no such host, no route, nobody listening, no secure channel. */
    static final class Unreachable extends IOException {
        private static final long serialVersionUID = 1L;

        Unreachable(URI source, IOException cause) {
            super(source.getHost() + " cannot be reached (" + cause + ")", cause);
        }
    }

    /**
     * Downloads the file, or the rest of it. Does nothing where it is already there with the right MD5.
     *
     * @throws Unreachable if no connection could be made
     * @throws UserError if the site answers otherwise than with the file, the connection keeps breaking off, or the MD5 is
     *     wrong
     * @throws IOException if the file cannot be written
     */
    void run() throws IOException {
        if (Files.exists(target) && Hashes.md5(target).equals(md5)) {
            return;
        }
        Path part = target.resolveSibling(target.getFileName() + ".part");
        Files.createDirectories(part.toAbsolutePath().getParent());
        try (FileChannel out = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(out)) {
            receiveAll(out);
            out.force(true);
            String found = Hashes.md5(part);
            if (!found.equals(md5)) {
                Files.delete(part);
                throw new UserError("what " + source + " sent is damaged: its MD5 is " + found + " instead of " + md5
                        + "; it was deleted, run the command again");
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            if (Files.exists(part) && Files.size(part) == 0) {
                Files.delete(part);
            }
        }
    }

    private FileLock lock(FileChannel out) throws IOException {
        try {
            FileLock lock = out.tryLock();
            if (lock != null) {
                return lock;
            }
        } catch (OverlappingFileLockException e) {
            throw new UserError(inUse(), e);
        }
        throw new UserError(inUse());
    }

    private String inUse() {
        return "another process is downloading " + target + "; wait for it to end";
    }

    /** Tries until the file is complete; gives up after several tries in a row that brought no byte. */
    private void receiveAll(FileChannel out) throws IOException {
        int fruitless = 0;
        while (true) {
            long before = out.size();
            IOException broken;
            try {
                if (receive(out)) {
                    return;
                }
                broken = null;
            } catch (BrokenOff e) {
                broken = e;
            }
            fruitless = out.size() > before ? 0 : fruitless + 1;
            if (fruitless == FRUITLESS_TRIES) {
                throw new UserError(
                        "the connection to " + source.getHost() + " broke off after " + out.size()
                                + " bytes, several times; run the command again to go on from there",
                        broken);
            }
        }
    }

    /** The connection ended within an answer. */
    private static final class BrokenOff extends IOException {
        private static final long serialVersionUID = 1L;

        BrokenOff(IOException cause) {
            super(cause);
        }
    }

    /** One request. True if the file is complete afterwards. */
    private boolean receive(FileChannel out) throws IOException {
        long have = out.size();
        HttpURLConnection connection = (HttpURLConnection) source.toURL().openConnection();
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        connection.setRequestProperty("Accept-Encoding", "identity");
        if (have > 0) {
            connection.setRequestProperty("Range", "bytes=" + have + "-");
        }
        try {
            connection.connect();
        } catch (IOException e) {
            throw new Unreachable(source, e);
        }
        try {
            int status = status(connection);
            String range = connection.getHeaderField("Content-Range");
            if (status == RANGE_NOT_SATISFIABLE && have > 0) {
                if (("bytes */" + have).equals(range)) {
                    return true;
                }
                out.truncate(0);
                return false;
            }
            if (status == HttpURLConnection.HTTP_OK) {
                have = 0; // the whole file: this server knows no ranges
            } else if (status != HttpURLConnection.HTTP_PARTIAL
                    || range == null
                    || !range.startsWith("bytes " + have + "-")) {
                throw new UserError(
                        source + " answered " + status + " " + connection.getResponseMessage()
                                + " instead of the file; try again later, or `eider data import DIR` with files from elsewhere");
            }
            long length = connection.getContentLengthLong();
            long total = length < 0 ? -1 : have + length;
            out.truncate(have);
            out.position(have);
            copy(connection, out, total);
            return total < 0 || out.size() >= total;
        } finally {
            connection.disconnect();
        }
    }

    private static int status(HttpURLConnection connection) throws BrokenOff {
        try {
            return connection.getResponseCode();
        } catch (IOException e) {
            throw new BrokenOff(e);
        }
    }

    private void copy(HttpURLConnection connection, FileChannel out, long total) throws IOException {
        byte[] buffer = new byte[1 << 16];
        String what = "downloading " + target.getFileName();
        try (InputStream in = connection.getInputStream()) {
            for (int n = read(in, buffer); n >= 0; n = read(in, buffer)) {
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                progress.update(what, out.position(), total);
            }
        }
    }

    private static int read(InputStream in, byte[] buffer) throws BrokenOff {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw new BrokenOff(e);
        }
    }
}
