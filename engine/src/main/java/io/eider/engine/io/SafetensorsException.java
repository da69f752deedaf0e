package io.eider.engine.io;

import java.io.IOException;
import java.nio.file.Path;

/** A file that is not valid safetensors, or holds what Eider cannot read; the message names the file and the tensor. */
public final class SafetensorsException extends IOException {
    private static final long serialVersionUID = 1L;

    SafetensorsException(Path file, String problem) {
        super(file + ": " + problem);
    }

    SafetensorsException(Path file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
    }
}
