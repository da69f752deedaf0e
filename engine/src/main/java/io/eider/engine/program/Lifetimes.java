package io.eider.engine.program;

import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many bytes live at each step of a graph, also if some of its values were made a second time for those that read
 * them late. Leaves lie elsewhere and do not count; that a result may take its input's place is left aside.
 */
final class Lifetimes {
    /**
     * Where most lives.
     *
     * @param step the first such step
     * @param bytes how much
     */
    record Peak(int step, long bytes) {}

    private final Map<Node, Integer> stepOf = new HashMap<>();
    private final Map<Tensor, List<Integer>> readers = new HashMap<>();
    private final int end;
    private final long[] changes;

    /**
     * Looks at a graph.
     *
     * @param graph what is computed
     * @param steps its nodes, in order
     */
    Lifetimes(Graph graph, List<Node> steps) {
        end = steps.size();
        // Step i is entry 2i; what is made a second time just before it is made at entry 2i - 1.
        changes = new long[2 * end + 2];
        for (Node node : steps) {
            int step = stepOf.size();
            stepOf.put(node, step);
            node.inputs().forEach(input -> addReader(input, step));
        }
        graph.results().forEach(result -> addReader(result, end));
        for (Node node : steps) {
            for (Tensor output : node.outputs()) {
                add(changes, output, madeAt(output), last(output, readers(output)), 1);
            }
        }
    }

    private void addReader(Tensor value, int step) {
        readers.computeIfAbsent(value, none -> new ArrayList<>()).add(2 * step);
    }

    /** Returns the step that makes a value. */
    int stepOf(Node node) {
        return stepOf.get(node);
    }

    /** Returns whether a value lives through a step that does not read it, and is no result of the graph. */
    boolean spans(Tensor value, int step) {
        List<Integer> places = readers(value);
        return madeAt(value) < 2 * step
                && last(value, places) > 2 * step
                && !places.contains(2 * step)
                && !places.contains(2 * end);
    }

    /** Returns an empty map for values that are made a second time. */
    SortedMap<Tensor, Integer> none() {
        return new TreeMap<>(
                Comparator.comparingInt((Tensor value) -> -madeAt(value)).thenComparing(Tensor::index));
    }

    /**
     * Returns where most lives.
     *
     * @param again values that are made a second time, before the first of those that read them after the step given;
     *     a map of {@link #none}, which has the latest first, for what is made a second time reads earlier ones
     */
    Peak peak(SortedMap<Tensor, Integer> again) {
        long[] changed = changes.clone();
        Map<Tensor, List<Integer>> moreReaders = new HashMap<>();
        again.forEach((value, step) -> {
            int early = madeAt(value);
            int first = Integer.MAX_VALUE;
            int last = early;
            for (int place : places(value, moreReaders.remove(value))) {
                if (place <= 2 * step) {
                    early = Math.max(early, place);
                } else {
                    first = Math.min(first, place);
                    last = Math.max(last, place);
                }
            }
            int made = (first - 1) | 1;
            add(changed, value, madeAt(value), last(value, readers(value)), -1);
            add(changed, value, madeAt(value), early, 1);
            add(changed, value, made, last, 1);
            for (Tensor input : value.node().inputs()) {
                moreReaders.computeIfAbsent(input, none -> new ArrayList<>()).add(made);
            }
        });
        moreReaders.forEach((value, more) -> {
            add(changed, value, madeAt(value), last(value, readers(value)), -1);
            add(changed, value, madeAt(value), last(value, places(value, more)), 1);
        });
        return highest(changed);
    }

    private static Peak highest(long[] changed) {
        int place = 0;
        long most = 0;
        long alive = 0;
        for (int i = 0; i < changed.length; i++) {
            alive += changed[i];
            if (alive > most) {
                most = alive;
                place = i;
            }
        }
        return new Peak((place + 1) / 2, most);
    }

    /** Counts a value, or with sign -1 no more, from one place to another. */
    private static void add(long[] changed, Tensor value, int from, int to, int sign) {
        if (!value.node().inputs().isEmpty()) {
            long bytes = sign * value.type().bytes();
            changed[from] += bytes;
            changed[to + 1] -= bytes;
        }
    }

    private int madeAt(Tensor value) {
        return 2 * stepOf.get(value.node());
    }

    private List<Integer> readers(Tensor value) {
        return readers.getOrDefault(value, List.of());
    }

    private List<Integer> places(Tensor value, List<Integer> more) {
        List<Integer> places = new ArrayList<>(readers(value));
        if (more != null) {
            places.addAll(more);
        }
        return places;
    }

    private int last(Tensor value, List<Integer> places) {
        return places.isEmpty() ? madeAt(value) : Collections.max(places);
    }
}
