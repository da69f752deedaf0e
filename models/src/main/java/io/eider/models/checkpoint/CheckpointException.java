package io.eider.models.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/** A valid safetensors file that does not fit the network; the message names the file and the tensor. */
public final class CheckpointException extends IOException {
    private static final long serialVersionUID = 1L;

    CheckpointException(Path file, String problem) {
        super(file + ": " + problem);
    }
}
