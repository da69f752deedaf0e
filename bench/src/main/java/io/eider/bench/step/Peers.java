package io.eider.bench.step;

import io.eider.experiments.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Starts peers and ends them all. */
final class Peers implements AutoCloseable {
    /** The device that every peer knows. */
    static final String CPU = "cpu";

    private static final String SCRIPT = "pytorch_steps.py";

    private final Path folder;
    private final String python;
    private final Path djl;
    private final int threads;
    private final String device;
    private final Map<Row, Peer> ready = new LinkedHashMap<>();
    private final Map<Row, String> unavailable = new LinkedHashMap<>();
    private final Map<Row, String> oneDnn = new LinkedHashMap<>();

    /**
     * Prepares starts.
     *
     * @param folder with the starting point; logs and the PyTorch script go there too
     * @param python interpreter
     * @param djl jar of the DJL peer
     * @param threads that each may use
     * @param device where each computes
     * @throws IOException if the script cannot be written
     */
    Peers(Path folder, String python, Path djl, int threads, String device) throws IOException {
        this.folder = folder;
        this.python = python;
        this.djl = djl;
        this.threads = threads;
        this.device = device;
        try (InputStream script = Peers.class.getResourceAsStream("/" + SCRIPT)) {
            Files.copy(script, folder.resolve(SCRIPT));
        }
    }

    /**
     * Starts one, after it ran two steps in another process where oneDNN tells what it does. One that cannot do its step is
     * put down as unavailable.
     *
     * @throws UserError if something is missing that can be installed
     */
    void start(Row row) {
        try {
            List<String> command = command(row);
            Path log = folder.resolve(row.name() + ".log");
            try (Peer talking = Peer.start(row.name(), command, environment(true), log)) {
                talking.reset();
                talking.run();
                talking.run();
                oneDnn.put(row, talking.oneDnn().toString());
            }
            ready.put(row, Peer.start(row.name(), command, environment(false), log));
        } catch (PeerException e) {
            oneDnn.remove(row);
            unavailable.put(row, e.getMessage());
        }
    }

    /** Returns those that are ready, in the order of their start. */
    Map<Row, Peer> ready() {
        return ready;
    }

    /** Returns why others are not. */
    Map<Row, String> unavailable() {
        return unavailable;
    }

    /** Returns what each said of itself. */
    Map<Row, String> about() {
        Map<Row, String> about = new LinkedHashMap<>();
        ready.forEach((row, peer) -> about.put(row, String.join("; ", peer.about())));
        return about;
    }

    /** Returns what oneDNN said of itself in each. */
    Map<Row, String> oneDnn() {
        return oneDnn;
    }

    private Map<String, String> environment(boolean talking) {
        return Map.of(
                "OMP_NUM_THREADS",
                Integer.toString(threads),
                "ONEDNN_VERBOSE",
                talking ? "1" : "0",
                // One process compiles in itself, and leaves nothing behind.
                "TORCHINDUCTOR_COMPILE_THREADS",
                "1",
                "TORCHINDUCTOR_CACHE_DIR",
                folder.resolve("inductor").toString());
    }

    private List<String> command(Row row) throws PeerException {
        List<String> command = new ArrayList<>();
        switch (row.engine()) {
            case EIDER -> {
                command.add(java());
                command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .filter(argument -> argument.startsWith("-D") || argument.startsWith("-X"))
                        .toList());
                command.addAll(List.of("-cp", System.getProperty("java.class.path"), EiderPeer.class.getName()));
            }
            case PYTORCH ->
                command.addAll(List.of(python, folder.resolve(SCRIPT).toString()));
            case DJL -> {
                if (!device.equals(CPU)) {
                    throw new PeerException("the DJL peer computes on the cpu alone");
                }
                if (!Files.isRegularFile(djl)) {
                    throw new PeerException(djl + " is not there; mvn -B -ntp -f bench/peers/djl package makes it");
                }
                command.addAll(List.of(java(), "-jar", djl.toString()));
            }
        }
        command.addAll(List.of(row.name(), folder.toString(), Integer.toString(threads), device));
        return command;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    @Override
    public void close() {
        // All at once: an interpreter takes a while to end.
        ready.values().forEach(Peer::hangUp);
        ready.values().forEach(Peer::close);
    }
}
