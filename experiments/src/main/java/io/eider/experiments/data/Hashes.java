package io.eider.experiments.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** MD5 and SHA-256 sums as lower-case hexadecimal text. */
final class Hashes {
    private Hashes() {}

    static MessageDigest sha256() {
        return digest("SHA-256");
    }

    static String sha256(byte[] bytes) {
        return hex(sha256().digest(bytes));
    }

    static String sha256(Path file) throws IOException {
        return hex(update(sha256(), file));
    }

    static String md5(Path file) throws IOException {
        return hex(update(digest("MD5"), file));
    }

    static String hex(byte[] sum) {
        return HexFormat.of().formatHex(sum);
    }

    private static byte[] update(MessageDigest digest, Path file) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return digest.digest();
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime must have " + algorithm, e);
        }
    }
}
