package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Buffer;
import io.eider.engine.backend.Executable;
import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.planned.Address;
import io.eider.engine.backend.planned.Block;
import io.eider.engine.backend.planned.HostBuffer;
import io.eider.engine.backend.planned.PlannedGraph;
import io.eider.engine.backend.planned.PlannedGraph.Move;
import io.eider.engine.backend.planned.StoragePlan;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.Variable;
import io.eider.engine.op.primitive.Fill;
import io.eider.engine.op.primitive.Input;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;

/** A planned graph in the process's memory: running it walks a list of native calls. */
final class CpuExecutable implements Executable, PlannedGraph.Memory {
    private final CpuDevice device;
    private final PlannedGraph planned;
    private final Map<StoragePlan.Own, Block> own = new LinkedHashMap<>();
    private final Map<Tensor, HostBuffer> inputs = new HashMap<>();
    private final List<HostBuffer> outputs = new ArrayList<>();
    private Runnable[] before = {};
    private Runnable[] after = {};
    private int boundGeneration = -1;
    private boolean closed;

    CpuExecutable(CpuDevice device, Graph graph) {
        this.device = device;
        this.planned = new PlannedGraph(graph, device.kernels(), StoragePlan.Effects.AS_COMPUTED);
        boolean ready = false;
        try {
            allocate();
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
        HostBuffer buffer = inputs.get(input);
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
        for (int i = 0; i < planned.size(); i++) {
            planned.kernel(i).run();
        }
        for (Runnable move : after) {
            move.run();
        }
    }

    @Override
    public long[] timedRun() {
        long[] nanoseconds = new long[planned.size()];
        begin();
        for (int i = 0; i < nanoseconds.length; i++) {
            long start = System.nanoTime();
            planned.kernel(i).run();
            nanoseconds[i] = System.nanoTime() - start;
        }
        for (Runnable move : after) {
            move.run();
        }
        return nanoseconds;
    }

    @Override
    public List<Step> steps() {
        return planned.steps();
    }

    @Override
    public long arenaBytes() {
        return planned.storage().arenaBytes();
    }

    @Override
    public long own(StoragePlan.Own place) {
        return block(place).address();
    }

    @Override
    public long variable(Variable variable) {
        return device.block(variable).address();
    }

    @Override
    public long arena() {
        return device.arena().address();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            release();
            device.closed(this);
        }
    }

    private void begin() {
        checkOpen();
        device.useThreads();
        if (boundGeneration != device.arena().generation()) {
            bind();
        }
        for (Runnable move : before) {
            move.run();
        }
    }

    private void allocate() {
        planned.storage().homes().forEach((value, home) -> {
            if (home instanceof StoragePlan.Own place) {
                block(place);
                if (value.node().op() instanceof Input) {
                    inputs.put(value, new HostBuffer(value.type(), block(place)));
                } else if (value.node().op() instanceof Fill fill && !StoragePlan.isStep(value.node())) {
                    fill(fill, block(place));
                }
            }
        });
        for (StoragePlan.Result result : planned.storage().results()) {
            outputs.add(new HostBuffer(result.tensor().type(), block(result.home())));
        }
    }

    private Block block(StoragePlan.Own place) {
        return own.computeIfAbsent(place, p -> NativeMemory.zeros(p.label(), p.bytes()));
    }

    private static void fill(Fill fill, Block block) {
        Kernel.Prepared filled = CpuKernels.FILL.filled(fill.type(), fill.value());
        filled.bind(new long[0], new long[] {block.address()}, 0);
        filled.run();
    }

    private void bind() {
        device.arena().require(arenaBytes());
        planned.bind(this);
        before = moves(planned.storage().before());
        after = moves(planned.storage().after());
        boundGeneration = device.arena().generation();
    }

    private Runnable[] moves(List<StoragePlan.Copy> copies) {
        Move[] moves = planned.moves(copies, this);
        Runnable[] calls = new Runnable[moves.length];
        for (int i = 0; i < moves.length; i++) {
            Pointer to = Address.of(moves[i].to());
            Pointer from = Address.of(moves[i].from());
            long bytes = moves[i].bytes();
            calls[i] = () -> Pointer.memcpy(to, from, bytes);
        }
        return calls;
    }

    private void release() {
        planned.close();
        own.values().forEach(Block::close);
    }

    private void checkOpen() {
        device.checkOpen();
        if (closed) {
            throw new IllegalStateException("this program is closed; load its graph again");
        }
    }
}
