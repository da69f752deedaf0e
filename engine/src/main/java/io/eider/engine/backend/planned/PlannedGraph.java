package io.eider.engine.backend.planned;

import io.eider.engine.backend.Executable;
import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.Variable;
import io.eider.engine.op.primitive.Input;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A graph with kernels chosen and memory planned: its steps in the order they run, and what is copied around them. */
public final class PlannedGraph implements AutoCloseable {
    /** Where the memory of one loaded graph lies; all of it may move between runs. */
    public interface Memory {
        /** Returns where a place of the graph's own begins. */
        long own(StoragePlan.Own place);

        /** Returns where a variable begins. */
        long variable(Variable variable);

        /** Returns where the arena begins. */
        long arena();
    }

    /** A copy with both ends resolved. */
    public record Move(long to, long from, long bytes) {}

    private final List<Node> nodes;
    private final Kernel.Prepared[] steps;
    private final StoragePlan storage;

    /**
     * Chooses kernels and plans.
     *
     * @param graph what is to run
     * @param kernels of the backend
     * @param effects when variables are written
     * @throws UnsupportedOperationException if there is no kernel for a node
     */
    public PlannedGraph(Graph graph, KernelTable kernels, StoragePlan.Effects effects) {
        this.nodes = graph.nodes().stream().filter(StoragePlan::isStep).toList();
        this.steps = new Kernel.Prepared[nodes.size()];
        try {
            for (int i = 0; i < steps.length; i++) {
                steps[i] = kernels.prepare(nodes.get(i));
            }
            for (Node node : graph.nodes()) {
                if (node.op() instanceof Input) {
                    kernels.checkKept(node.op(), node.type(0).dtype());
                }
            }
            this.storage = new StoragePlan(graph, nodes, new Needs(), effects);
        } catch (RuntimeException | Error e) {
            cleanup().after(e);
            throw e;
        }
    }

    /** Returns where values lie. */
    public StoragePlan storage() {
        return storage;
    }

    /** Returns how many steps there are. */
    public int size() {
        return steps.length;
    }

    /** Returns what a step computes. */
    public Node node(int step) {
        return nodes.get(step);
    }

    /** Returns what computes it. */
    public Kernel.Prepared kernel(int step) {
        return steps[step];
    }

    /** Tells every step where its tensors lie. */
    public void bind(Memory memory) {
        for (int i = 0; i < steps.length; i++) {
            Node node = nodes.get(i);
            long[] in = node.inputs().stream()
                    .mapToLong(input -> address(memory, input))
                    .toArray();
            long[] out = Arrays.stream(node.outputs())
                    .mapToLong(output -> address(memory, output))
                    .toArray();
            steps[i].bind(in, out, memory.arena() + storage.workspaceOffset(i));
        }
    }

    /** Resolves copies. */
    public Move[] moves(List<StoragePlan.Copy> copies, Memory memory) {
        return copies.stream()
                .map(copy -> new Move(address(memory, copy.to()), address(memory, copy.from()), copy.bytes()))
                .toArray(Move[]::new);
    }

    /** Returns the steps in the order they run. */
    public List<Executable.Step> steps() {
        List<Executable.Step> result = new ArrayList<>();
        for (int i = 0; i < steps.length; i++) {
            Node node = nodes.get(i);
            long offset = storage.home(node.output(0)) instanceof StoragePlan.InArena arena ? arena.offset() : -1;
            result.add(new Executable.Step(node, steps[i].implementation(), offset, steps[i].workspaceBytes()));
        }
        return result;
    }

    @Override
    public void close() {
        cleanup().close();
    }

    private Cleanup cleanup() {
        Cleanup cleanup = new Cleanup();
        for (Kernel.Prepared step : steps) {
            if (step != null) {
                cleanup.add(step::close);
            }
        }
        return cleanup;
    }

    private long address(Memory memory, Tensor value) {
        return address(memory, storage.home(value));
    }

    private static long address(Memory memory, StoragePlan.Home home) {
        if (home instanceof StoragePlan.InArena place) {
            return memory.arena() + place.offset();
        }
        if (home instanceof StoragePlan.InVariable place) {
            return memory.variable(place.variable());
        }
        return memory.own((StoragePlan.Own) home);
    }

    private final class Needs implements StoragePlan.StepNeeds {
        @Override
        public boolean inPlace(int step, int input, int output) {
            return steps[step].inPlace(input, output);
        }

        @Override
        public boolean mayStop(int step) {
            return steps[step].mayStop();
        }

        @Override
        public long workspaceBytes(int step) {
            return steps[step].workspaceBytes();
        }
    }
}
