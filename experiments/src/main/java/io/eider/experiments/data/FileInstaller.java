package io.eider.experiments.data;

import io.eider.experiments.UserError;
import java.io.IOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/** Puts one official file into the cache folder, but only if its SHA-256 is the published one. */
final class FileInstaller {
    private FileInstaller() {}

    /**
     * Writes the content under a temporary name, checks its sum on the way, and moves it into place.
     *
     * @param source where the content comes from, for the error message
     * @throws UserError if the sum differs; whatever was in place before stays
     */
    static void install(DataFolder data, Cifar set, CifarFile file, String source, AtomicFile.Content content)
            throws IOException {
        AtomicFile.write(data.file(set, file), out -> {
            MessageDigest sha256 = Hashes.sha256();
            DigestOutputStream digesting = new DigestOutputStream(out, sha256);
            content.writeTo(digesting);
            digesting.flush();
            String found = Hashes.hex(sha256.digest());
            if (!found.equals(file.sha256())) {
                throw new UserError(file.name() + " from " + source + " is damaged: its SHA-256 is " + found
                        + " instead of " + file.sha256() + "; get it again from the official site");
            }
        });
    }
}
