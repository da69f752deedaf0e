package io.eider.experiments.train;

import io.eider.engine.io.Safetensors;
import io.eider.experiments.IoReason;
import io.eider.experiments.UserError;
import io.eider.models.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A checkpoint of a run: the numbers on the device, where the run stands, and which run it is. Equal states give equal
 * bytes.
 *
 * @param identity which run
 * @param state where it stands
 */
record RunCheckpoint(RunIdentity identity, TrainingState state) {
    private static final String IDENTITY = "eider.run";
    private static final String STATE = "eider.state";

    /** Writes the file, whole or not at all. */
    void save(Path file, Learner learner) {
        try {
            Checkpoint.save(
                    file,
                    learner.trained(),
                    learner.device(),
                    Map.of(IDENTITY, Json.text(identity), STATE, Json.text(state)));
        } catch (IOException e) {
            throw new UserError("cannot write " + file + ": " + IoReason.of(e), e);
        }
    }

    /** Reads which run a file is of and where it stood, not its numbers; nothing if it is of no run. */
    static Optional<RunCheckpoint> peek(Path file) {
        Map<String, String> metadata =
                Source.metadata(file, () -> Safetensors.read(file).metadata());
        return isOfRun(metadata) ? Optional.of(of(file, metadata)) : Optional.empty();
    }

    /** Reads a file to go on from: parameters, momentum, running statistics. */
    static RunCheckpoint load(Path file, Learner learner) {
        return of(file, Source.metadata(file, () -> Checkpoint.load(file, learner.trained(), learner.device())));
    }

    /** Reads a file whose network another method goes on with: parameters, momentum, running statistics. */
    static RunCheckpoint loadNetwork(Path file, Learner learner) {
        return of(
                file, Source.metadata(file, () -> Checkpoint.loadNetwork(file, learner.variables(), learner.device())));
    }

    /** Reads parameters and running statistics, which any file with the names of the network's tensors may hold. */
    static void loadWeights(Path file, Learner learner) {
        Source.metadata(file, () -> Checkpoint.loadWeights(file, learner.variables(), learner.device()));
    }

    private static boolean isOfRun(Map<String, String> metadata) {
        return metadata.containsKey(IDENTITY) && metadata.containsKey(STATE);
    }

    private static RunCheckpoint of(Path file, Map<String, String> metadata) {
        if (!isOfRun(metadata)) {
            throw new UserError(file + " holds a network, but not the state of a run; name a checkpoint that "
                    + "`eider train` wrote");
        }
        return new RunCheckpoint(
                Json.read(Json.parse(metadata.get(IDENTITY), file.toString()), RunIdentity.class, file.toString()),
                Json.read(Json.parse(metadata.get(STATE), file.toString()), TrainingState.class, file.toString()));
    }

    /** Something that reads a file and gives its metadata. */
    private interface Source {
        Map<String, String> read() throws IOException;

        static Map<String, String> metadata(Path file, Source source) {
            if (!Files.isRegularFile(file)) {
                throw new UserError("there is no checkpoint " + file + "; name a .safetensors file");
            }
            try {
                return source.read();
            } catch (IOException e) {
                throw new UserError("cannot use this checkpoint: " + IoReason.of(e), e);
            }
        }
    }
}
