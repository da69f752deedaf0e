package io.eider.engine.program;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where values lie in one block of memory: each lives from the step that makes it to the last step that reads it, and
 * no two that live at the same step overlap. Largest values are placed first, each into the smallest gap that takes it
 * between those it lives together with (greedy by size, best fit; Pisarchyk and Lee 2020).
 */
public final class MemoryPlan {
    /** Every offset is a multiple of this many bytes: a cache line, and the widest vector. */
    public static final int ALIGNMENT = 64;

    /** The {@link Value#takesOver} of a value that has memory of its own. */
    public static final int NONE = -1;

    /**
     * What is to be placed.
     *
     * @param bytes its size
     * @param first the step that makes it
     * @param last the last step that needs it, at least {@code first}
     * @param takesOver index of an earlier value of its size that dies at {@code first} and whose place it takes, or
     *     {@link #NONE}
     */
    public record Value(long bytes, int first, int last, int takesOver) {
        /** Checks the sizes. */
        public Value {
            if (bytes < 0 || first > last) {
                throw new IllegalArgumentException(bytes + " bytes from step " + first + " to step " + last);
            }
        }

        /** Creates a value with memory of its own. */
        public Value(long bytes, int first, int last) {
            this(bytes, first, last, NONE);
        }
    }

    /** A value together with those that take over its place, one after the other. */
    private static final class Slot {
        private final long bytes;
        private final int first;
        private int last;
        private long offset;

        private Slot(Value head) {
            bytes = aligned(head.bytes());
            first = head.first();
            last = head.last();
        }

        private boolean livesWith(Slot other) {
            return first <= other.last && other.first <= last;
        }

        private long end() {
            return offset + bytes;
        }
    }

    private final Slot[] slotOf;
    private final long bytes;
    private final long lowerBound;

    private MemoryPlan(Slot[] slotOf, long bytes, long lowerBound) {
        this.slotOf = slotOf;
        this.bytes = bytes;
        this.lowerBound = lowerBound;
    }

    /**
     * Plans.
     *
     * @throws IllegalArgumentException if a value takes over the place of one that it cannot
     */
    public static MemoryPlan of(List<Value> values) {
        Slot[] slotOf = new Slot[values.size()];
        List<Slot> slots = new ArrayList<>();
        for (int i = 0; i < slotOf.length; i++) {
            Value value = values.get(i);
            if (value.takesOver() == NONE) {
                slotOf[i] = new Slot(value);
                slots.add(slotOf[i]);
            } else {
                slotOf[i] = takeOver(values, slotOf, i);
            }
        }
        long bytes = place(slots);
        return new MemoryPlan(slotOf, bytes, lowerBound(slots));
    }

    /** Returns the byte offset of a value. */
    public long offset(int value) {
        return slotOf[value].offset;
    }

    /** Returns the size of the whole block in bytes. */
    public long bytes() {
        return bytes;
    }

    /** Returns the most bytes that live at one step: no plan of the same lifetimes is smaller. */
    public long lowerBound() {
        return lowerBound;
    }

    private static Slot takeOver(List<Value> values, Slot[] slotOf, int index) {
        Value value = values.get(index);
        Value before = value.takesOver() < index ? values.get(value.takesOver()) : null;
        if (before == null || before.last() != value.first() || before.bytes() != value.bytes()) {
            throw new IllegalArgumentException(value + " cannot take the place of " + before);
        }
        Slot slot = slotOf[value.takesOver()];
        if (slot.last != before.last()) {
            throw new IllegalArgumentException("the place of " + before + " is taken over twice");
        }
        slot.last = value.last();
        return slot;
    }

    private static long place(List<Slot> slots) {
        List<Slot> bySize = new ArrayList<>(slots);
        bySize.sort(Comparator.comparingLong((Slot slot) -> -slot.bytes).thenComparingInt(slot -> slot.first));
        // Kept in order of offset, so that gaps are found in one walk.
        List<Slot> placed = new ArrayList<>();
        long total = 0;
        for (Slot slot : bySize) {
            long end = 0;
            long best = -1;
            long bestGap = Long.MAX_VALUE;
            for (Slot other : placed) {
                if (!other.livesWith(slot)) {
                    continue;
                }
                long gap = other.offset - end;
                if (gap >= slot.bytes && gap < bestGap) {
                    best = end;
                    bestGap = gap;
                }
                end = Math.max(end, other.end());
            }
            slot.offset = best >= 0 ? best : end;
            total = Math.max(total, slot.end());
            insert(placed, slot);
        }
        return total;
    }

    private static void insert(List<Slot> placed, Slot slot) {
        int at = placed.size();
        while (at > 0 && placed.get(at - 1).offset > slot.offset) {
            at--;
        }
        placed.add(at, slot);
    }

    private static long lowerBound(List<Slot> slots) {
        long most = 0;
        for (Slot at : slots) {
            long alive = 0;
            for (Slot slot : slots) {
                alive += slot.first <= at.first && at.first <= slot.last ? slot.bytes : 0;
            }
            most = Math.max(most, alive);
        }
        return most;
    }

    /** Returns the smallest multiple of {@link #ALIGNMENT} that holds so many bytes. */
    public static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
