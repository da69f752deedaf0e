package io.eider.experiments.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Recomputes the sums of a data set's files. Changes nothing. */
public final class DataVerifier {
    private DataVerifier() {}

    /** What was found of one file. */
    public enum State {
        /** It is there and its SHA-256 is the published one. */
        OK,
        /** There is no such file. */
        MISSING,
        /** It cannot be read or its SHA-256 is another. */
        DAMAGED
    }

    /**
     * The verdict on one file.
     *
     * @param path the file
     * @param state what was found
     * @param detail one line for the user, such as the sum found
     */
    public record Verdict(Path path, State state, String detail) {}

    /**
     * Checks every file of a data set.
     *
     * @param data the cache folder
     * @param set which data set
     * @return one verdict per file: training files in order, then the test file
     */
    public static List<Verdict> verify(DataFolder data, Cifar set) {
        List<Verdict> verdicts = new ArrayList<>();
        for (CifarFile file : set.files()) {
            verdicts.add(verify(data.file(set, file), file));
        }
        return verdicts;
    }

    /**
     * Whether every file of a data set is there with the right sum.
     *
     * @param data the cache folder
     * @param set which data set
     * @return true if all verdicts are {@link State#OK}
     */
    public static boolean isIntact(DataFolder data, Cifar set) {
        return data.has(set) && verify(data, set).stream().allMatch(verdict -> verdict.state() == State.OK);
    }

    private static Verdict verify(Path path, CifarFile file) {
        if (!Files.exists(path)) {
            return new Verdict(path, State.MISSING, "there is no such file");
        }
        try {
            String found = Hashes.sha256(path);
            return found.equals(file.sha256())
                    ? new Verdict(path, State.OK, "SHA-256 " + found)
                    : new Verdict(path, State.DAMAGED, "SHA-256 " + found + " instead of " + file.sha256());
        } catch (IOException e) {
            return new Verdict(path, State.DAMAGED, "cannot be read: " + e);
        }
    }
}
