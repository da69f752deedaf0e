package io.eider.experiments.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eider.engine.io.AtomicFile;
import io.eider.experiments.IoReason;
import io.eider.experiments.UserError;
import io.eider.experiments.config.Changes;
import io.eider.experiments.train.Json;
import io.eider.experiments.train.RunFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The folder of a cell: an ordinary run's, and {@code cell.json}, which says what the table asked for and why the cell
 * failed, if it did. A run that is complete is so whatever {@code cell.json} says; a damaged one says nothing.
 *
 * @param path the folder, which need not exist
 */
record CellFolder(Path path) {
    private static final String NOTE = "cell.json";
    private static final String FAILURE = "failure";

    Optional<ObjectNode> run() {
        return RunFolder.readRecord(path);
    }

    CellStatus status() {
        Optional<ObjectNode> run = run();
        if (run.isPresent() && run.get().path("status").asText().equals("complete")) {
            return CellStatus.COMPLETE;
        }
        if (failure().isPresent()) {
            return CellStatus.FAILED;
        }
        return run.isPresent() ? CellStatus.UNFINISHED : CellStatus.MISSING;
    }

    /** Why the cell failed, as the table or the run itself noted it. */
    Optional<String> failure() {
        return text(note(), FAILURE)
                .or(() -> run().flatMap(record ->
                        record.path("status").asText().equals("failed") ? text(record, FAILURE) : Optional.empty()));
    }

    double epochsScale() {
        return note().path("epochs-scale").asDouble(1);
    }

    void begin(Cell cell, Changes changes) {
        ObjectNode note = Json.object()
                .put("configuration", cell.config().name())
                .put("seed", cell.seed())
                .put("epochs-scale", changes.epochsScale());
        note.set("set", Json.tree(changes.set()));
        write(note);
    }

    void fail(String reason) {
        write(note().put(FAILURE, reason));
    }

    private ObjectNode note() {
        Path file = path.resolve(NOTE);
        try {
            return Files.exists(file) && Json.parse(Files.readString(file), file.toString()) instanceof ObjectNode note
                    ? note
                    : Json.object();
        } catch (UserError damaged) {
            return Json.object();
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + IoReason.of(e), e);
        }
    }

    private static Optional<String> text(ObjectNode tree, String key) {
        return Optional.ofNullable(tree.get(key)).map(value -> value.asText());
    }

    private void write(ObjectNode note) {
        byte[] text = (Json.text(note) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            AtomicFile.write(path.resolve(NOTE), out -> out.write(text));
        } catch (IOException e) {
            throw new UserError("cannot write " + path.resolve(NOTE) + ": " + IoReason.of(e), e);
        }
    }
}
