package io.eider.bench.step;

import io.eider.bench.step.Peer.Timing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What peers did in turn.
 *
 * @param measurements one a peer
 * @param differences how far losses are apart at most, by the arithmetic of the row
 * @param idleShare the largest part of a core that any of them used while others ran
 */
record Comparison(List<Measurement> measurements, Map<Arithmetic, Double> differences, double idleShare) {
    /** How long threads of the last peer may go on spinning before the next one is measured. */
    private static final Duration SETTLE = Duration.ofMillis(50);

    /**
     * Measures peers in turn, A B C A B C: each time from the same weights, one step that is not timed, then those that are.
     * While one runs the others wait for a line.
     *
     * @param peers what to measure, ready
     * @param turns how often each has its turn
     * @param rounds timed steps a turn
     * @throws PeerException if one ends, or answers what it should not
     * @throws DisagreementException if their losses differ, as soon as they do
     */
    static Comparison of(Map<Row, Peer> peers, int turns, int rounds)
            throws PeerException, DisagreementException, InterruptedException {
        Map<Row, List<List<Timing>>> timings = new LinkedHashMap<>();
        Map<Row, Idleness> idleness = new LinkedHashMap<>();
        peers.forEach((row, peer) -> {
            timings.put(row, new ArrayList<>());
            idleness.put(row, new Idleness(peer));
        });
        Map<Arithmetic, Double> differences = Map.of();
        for (int turn = 0; turn < turns; turn++) {
            for (Map.Entry<Row, Peer> entry : peers.entrySet()) {
                Thread.sleep(SETTLE.toMillis());
                idleness.get(entry.getKey()).ends();
                timings.get(entry.getKey()).add(turn(entry.getValue(), rounds));
                idleness.get(entry.getKey()).begins();
            }
            differences = Agreement.check(timings);
        }
        List<Measurement> measurements = new ArrayList<>();
        for (Map.Entry<Row, Peer> entry : peers.entrySet()) {
            Peer peer = entry.getValue();
            idleness.get(entry.getKey()).ends();
            measurements.add(
                    new Measurement(entry.getKey(), timings.get(entry.getKey()), peer.peakBytes(), peer.arenaBytes()));
        }
        return new Comparison(
                List.copyOf(measurements),
                differences,
                idleness.values().stream().mapToDouble(Idleness::share).max().orElse(0));
    }

    private static List<Timing> turn(Peer peer, int rounds) throws PeerException {
        peer.reset();
        List<Timing> turn = new ArrayList<>();
        for (int step = 0; step <= rounds; step++) {
            turn.add(peer.run());
        }
        return List.copyOf(turn);
    }

    /** The processor time that a peer uses while it should use none. */
    private static final class Idleness {
        private final Peer peer;
        private long since;
        private Duration processorSince;
        private long nanos;
        private Duration processor = Duration.ZERO;

        Idleness(Peer peer) {
            this.peer = peer;
            begins();
        }

        void begins() {
            since = System.nanoTime();
            processorSince = peer.processorTime();
        }

        void ends() {
            nanos += System.nanoTime() - since;
            processor = processor.plus(peer.processorTime().minus(processorSince));
        }

        double share() {
            return (double) processor.toNanos() / nanos;
        }
    }
}
