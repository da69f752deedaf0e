package io.eider.experiments;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What went wrong with a file, in words; the exceptions of {@code java.nio.file} often say no more than its name. */
public final class IoReason {
    private IoReason() {}

    /**
     * The reason, with the file's name where the failure tells it.
     *
     * @param failure what was met
     * @return one line
     */
    public static String of(IOException failure) {
        if (failure instanceof NoSuchFileException missing) {
            return missing.getFile() + " does not exist";
        }
        if (failure instanceof AccessDeniedException denied) {
            return denied.getFile() + " may not be used by this user";
        }
        if (failure instanceof FileAlreadyExistsException present) {
            return present.getFile() + " is in the way";
        }
        if (failure instanceof FileSystemException e && e.getReason() != null) {
            return e.getFile() + ": " + e.getReason();
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
