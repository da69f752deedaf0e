package io.eider.bench.step;

import io.eider.experiments.UserError;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A child process that runs one step when asked, and otherwise waits in a read. It speaks lines:
 *
 * <pre>
 * at its start   about TEXT | arena BYTES, any number; then ready, or unavailable REASON, or missing WHAT
 * reset          ok                         weights as at the start, no momentum
 * run            ran MILLISECONDS LOSS      one step; the loss it descends, before the update
 * end of input   it ends
 * </pre>
 *
 * What oneDNN says of itself may stand between them. A peer ends with its standard input, so with this process however that
 * ends.
 */
final class Peer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String ONE_DNN = "onednn_verbose";

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter requests;
    private final Path errors;
    private final List<String> about = new ArrayList<>();
    private final OneDnnLog oneDnn = new OneDnnLog();
    private long arenaBytes;

    private Peer(String name, Process process, Path errors) {
        this.name = name;
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.requests = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.errors = errors;
    }

    /** One step: how long it took, and the loss. */
    record Timing(double millis, double loss) {}

    /**
     * Starts a process and waits until it is ready.
     *
     * @param name for messages
     * @param command its command line
     * @param environment added to this process's
     * @param errors file for its standard error
     * @throws UserError if it cannot be started, or lacks something that can be installed
     * @throws PeerException if it says why it cannot do this step, or ends
     */
    static Peer start(String name, List<String> command, Map<String, String> environment, Path errors)
            throws PeerException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UserError("cannot run '" + command.get(0) + "': " + e.getMessage(), e);
        }
        Peer peer = new Peer(name, process, errors);
        try {
            peer.greet();
            return peer;
        } catch (PeerException | RuntimeException e) {
            peer.close();
            throw e;
        }
    }

    private void greet() throws PeerException {
        for (String line = read(); !line.equals("ready"); line = read()) {
            String[] words = line.split(" ", 2);
            String rest = words.length == 2 ? words[1] : "";
            switch (words[0]) {
                case "about" -> about.add(rest);
                case "arena" -> arenaBytes = Long.parseLong(rest);
                case "unavailable" -> throw new PeerException(rest);
                case "missing" -> throw new UserError(rest);
                default -> throw garbled(line);
            }
        }
    }

    /** Gives it the weights it began with, and no momentum. */
    void reset() throws PeerException {
        String answer = ask("reset");
        if (!answer.equals("ok")) {
            throw garbled(answer);
        }
    }

    /** Runs one step. */
    Timing run() throws PeerException {
        String answer = ask("run");
        String[] words = answer.split(" ", -1);
        if (words.length != 3 || !words[0].equals("ran")) {
            throw garbled(answer);
        }
        try {
            return new Timing(Double.parseDouble(words[1]), Double.parseDouble(words[2]));
        } catch (NumberFormatException e) {
            throw garbled(answer);
        }
    }

    /** Returns what it said of itself. */
    List<String> about() {
        return List.copyOf(about);
    }

    /** Returns the memory its programs share, in bytes; 0 where it did not say. */
    long arenaBytes() {
        return arenaBytes;
    }

    /** Returns what oneDNN said, where it was told to. */
    OneDnnLog oneDnn() {
        return oneDnn;
    }

    /** Returns the most memory it ever had resident, in bytes. */
    long peakBytes() throws PeerException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                            .map(line -> line.replaceAll("\\D", ""))
                            .mapToLong(Long::parseLong)
                            .findFirst()
                            .orElseThrow(() -> new PeerException(name + ": " + status + " has no VmHWM"))
                    << 10;
        } catch (IOException e) {
            throw new PeerException(name + ": " + e.getMessage());
        }
    }

    /** Returns the processor time it has used, in steps of 10 ms. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private String ask(String request) throws PeerException {
        try {
            requests.write(request + "\n");
            requests.flush();
        } catch (IOException e) {
            throw ended();
        }
        return read();
    }

    private String read() throws PeerException {
        try {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                if (!line.startsWith(ONE_DNN)) {
                    return line;
                }
                oneDnn.add(line);
            }
        } catch (IOException e) {
            throw new PeerException(name + ": " + e.getMessage());
        }
        throw ended();
    }

    private PeerException garbled(String line) {
        return new PeerException(name + " said '" + line + "', which is not in the protocol");
    }

    private PeerException ended() {
        try {
            process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            List<String> lines = Files.readAllLines(errors, StandardCharsets.UTF_8);
            String last =
                    lines.isEmpty() ? "" : ", " + lines.get(lines.size() - 1).strip();
            return new PeerException(
                    name + " ended" + (process.isAlive() ? "" : " with code " + process.exitValue()) + last);
        } catch (IOException e) {
            return new PeerException(name + " ended");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new PeerException(name + " ended");
        }
    }

    /** Ends its input, so that it ends when it has done what it is doing. */
    void hangUp() {
        try {
            requests.close();
        } catch (IOException e) {
            // It has ended already.
        }
    }

    @Override
    public void close() {
        hangUp();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
