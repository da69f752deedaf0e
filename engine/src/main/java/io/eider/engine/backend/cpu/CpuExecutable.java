package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Buffer;
import io.eider.engine.backend.Executable;
import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.primitive.Fill;
import io.eider.engine.op.primitive.Input;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;

/** A graph with kernels chosen and memory planned: running it walks a list of native calls. */
final class CpuExecutable implements Executable {
    /** A copy with both ends resolved. */
    private record Move(Pointer to, Pointer from, long bytes) {
        private void run() {
            Pointer.memcpy(to, from, bytes);
        }
    }

    private final CpuDevice device;
    private final List<Node> nodes;
    private final Kernel.Prepared[] steps;
    private final StoragePlan plan;
    private final Map<StoragePlan.Own, Block> own = new LinkedHashMap<>();
    private final Map<Tensor, CpuBuffer> inputs = new HashMap<>();
    private final List<CpuBuffer> outputs = new ArrayList<>();
    private Move[] before = {};
    private Move[] after = {};
    private int boundGeneration = -1;
    private boolean closed;

    CpuExecutable(CpuDevice device, Graph graph) {
        this.device = device;
        this.nodes = graph.nodes().stream().filter(StoragePlan::isStep).toList();
        this.steps = new Kernel.Prepared[nodes.size()];
        boolean ready = false;
        try {
            for (int i = 0; i < steps.length; i++) {
                steps[i] = device.prepare(nodes.get(i));
            }
            this.plan = new StoragePlan(graph, nodes, new Needs());
            allocate(graph);
            bind();
            ready = true;
        } finally {
            if (!ready) {
                release();
            }
        }
    }

    @Override
    public Buffer input(Tensor input) {
        checkOpen();
        CpuBuffer buffer = inputs.get(input);
        if (buffer == null) {
            throw new IllegalArgumentException(input + " is not an input of this program: it has " + inputs.keySet());
        }
        return buffer;
    }

    @Override
    public Buffer output(int index) {
        checkOpen();
        return outputs.get(index);
    }

    @Override
    public void run() {
        begin();
        for (Kernel.Prepared step : steps) {
            step.run();
        }
        for (Move move : after) {
            move.run();
        }
    }

    @Override
    public long[] timedRun() {
        long[] nanoseconds = new long[steps.length];
        begin();
        for (int i = 0; i < steps.length; i++) {
            long start = System.nanoTime();
            steps[i].run();
            nanoseconds[i] = System.nanoTime() - start;
        }
        for (Move move : after) {
            move.run();
        }
        return nanoseconds;
    }

    @Override
    public List<Step> steps() {
        List<Step> result = new ArrayList<>();
        for (int i = 0; i < steps.length; i++) {
            Node node = nodes.get(i);
            long offset = plan.home(node.output(0)) instanceof StoragePlan.InArena arena ? arena.offset() : -1;
            result.add(new Step(node, steps[i].implementation(), offset, steps[i].workspaceBytes()));
        }
        return result;
    }

    @Override
    public long arenaBytes() {
        return plan.arenaBytes();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            release();
            device.closed(this);
        }
    }

    private final class Needs implements StoragePlan.StepNeeds {
        @Override
        public boolean inPlace(int step, int input, int output) {
            return steps[step].inPlace(input, output);
        }

        @Override
        public long workspaceBytes(int step) {
            return steps[step].workspaceBytes();
        }
    }

    private void begin() {
        checkOpen();
        device.useThreads();
        if (boundGeneration != device.arena().generation()) {
            bind();
        }
        for (Move move : before) {
            move.run();
        }
    }

    private void allocate(Graph graph) {
        plan.homes().forEach((value, home) -> {
            if (home instanceof StoragePlan.Own place) {
                block(place);
                if (value.node().op() instanceof Input) {
                    inputs.put(value, new CpuBuffer(value.type(), block(place)));
                } else if (value.node().op() instanceof Fill fill && !StoragePlan.isStep(value.node())) {
                    fill(fill, block(place));
                }
            }
        });
        for (StoragePlan.Result result : plan.results()) {
            outputs.add(new CpuBuffer(result.tensor().type(), block(result.home())));
        }
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Input && !device.supports(node)) {
                throw new UnsupportedOperationException("the cpu backend has f32, bf16 and i32, not " + node.op());
            }
        }
    }

    private Block block(StoragePlan.Own place) {
        return own.computeIfAbsent(place, p -> Block.zeros(p.label(), p.bytes()));
    }

    private static void fill(Fill fill, Block block) {
        Kernel.Prepared filled = FillKernel.filled(fill.type(), fill.value());
        filled.bind(new long[0], new long[] {block.address()}, 0);
        filled.run();
    }

    private void bind() {
        device.arena().require(plan.arenaBytes());
        for (int i = 0; i < steps.length; i++) {
            Node node = nodes.get(i);
            long[] in = node.inputs().stream().mapToLong(this::address).toArray();
            long[] out = new long[node.types().size()];
            for (int k = 0; k < out.length; k++) {
                out[k] = address(node.output(k));
            }
            steps[i].bind(in, out, device.arena().address() + plan.workspaceOffset(i));
        }
        before = moves(plan.before());
        after = moves(plan.after());
        boundGeneration = device.arena().generation();
    }

    private Move[] moves(List<StoragePlan.Copy> copies) {
        return copies.stream()
                .map(copy -> new Move(Address.of(address(copy.to())), Address.of(address(copy.from())), copy.bytes()))
                .toArray(Move[]::new);
    }

    private long address(Tensor value) {
        return address(plan.home(value));
    }

    private long address(StoragePlan.Home home) {
        if (home instanceof StoragePlan.InArena place) {
            return device.arena().address() + place.offset();
        }
        if (home instanceof StoragePlan.InVariable place) {
            return device.buffer(place.variable()).block().address();
        }
        return own.get((StoragePlan.Own) home).address();
    }

    private void release() {
        for (Kernel.Prepared step : steps) {
            if (step != null) {
                step.close();
            }
        }
        own.values().forEach(Block::close);
    }

    private void checkOpen() {
        device.checkOpen();
        if (closed) {
            throw new IllegalStateException("this program is closed; load its graph again");
        }
    }
}
