package io.eider.experiments.data;

import io.eider.experiments.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The text form of a {@link LongTailSplit}: nine lines, each a name, a space and values, the last being the SHA-256 of all
 * bytes before it.
 *
 * <pre>
 * eider-split 1
 * protocol development
 * imbalance 100.0
 * seed 1
 * labels-sha256 3f0c…
 * counts 4990 2991 … 49
 * train 2 7 11 …
 * development 29 …
 * sha256 90ab…
 * </pre>
 */
final class SplitManifest {
    private SplitManifest() {}

    static String sha256(LongTailSplit split) {
        return Hashes.sha256(body(split).getBytes(StandardCharsets.US_ASCII));
    }

    static void write(LongTailSplit split, Path file) {
        String text = body(split) + "sha256 " + sha256(split) + "\n";
        try {
            AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw new UserError("cannot write the split to " + file + ": " + e + "; choose a writable folder", e);
        }
    }

    static LongTailSplit read(Path file) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UserError("cannot read the split " + file + ": " + e + "; name an existing split manifest", e);
        }
        int last = text.lastIndexOf("sha256 ");
        if (!text.startsWith("eider-split 1\n") || last < 0) {
            throw new UserError(file + " is not a split manifest of version 1; name a file written by this program");
        }
        String body = text.substring(0, last);
        String sum = text.substring(last + "sha256 ".length()).strip();
        if (!sum.equals(Hashes.sha256(body.getBytes(StandardCharsets.US_ASCII)))) {
            throw new UserError(
                    file + " was changed after it was written: its SHA-256 does not match; write a new split");
        }
        // From here on the text is exactly what body() wrote, so its form needs no further checks.
        String[] lines = body.split("\n", -1);
        return new LongTailSplit(
                LongTailSplit.Protocol.valueOf(value(lines[1]).toUpperCase(Locale.ROOT)),
                Double.parseDouble(value(lines[2])),
                Long.parseLong(value(lines[3])),
                value(lines[4]),
                integers(value(lines[5])),
                integers(value(lines[6])),
                integers(value(lines[7])));
    }

    private static String body(LongTailSplit split) {
        return "eider-split 1\n"
                + "protocol " + split.protocol().id() + "\n"
                + "imbalance " + split.imbalance() + "\n"
                + "seed " + split.seed() + "\n"
                + "labels-sha256 " + split.labelsSha256() + "\n"
                + "counts " + join(split.counts()) + "\n"
                + "train " + join(split.train()) + "\n"
                + "development " + join(split.development()) + "\n";
    }

    private static String join(int[] values) {
        return Arrays.stream(values).mapToObj(Integer::toString).collect(Collectors.joining(" "));
    }

    private static String value(String line) {
        return line.substring(line.indexOf(' ') + 1);
    }

    private static int[] integers(String values) {
        return values.isEmpty()
                ? new int[0]
                : Arrays.stream(values.split(" ", -1))
                        .mapToInt(Integer::parseInt)
                        .toArray();
    }
}
