package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Buffer;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.Executable;
import io.eider.engine.backend.planned.Arena;
import io.eider.engine.backend.planned.Block;
import io.eider.engine.backend.planned.HostBuffer;
import io.eider.engine.backend.planned.KernelTable;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Variable;
import io.eider.natives.Kernels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The CPU, its variables, and the arena that its programs share. */
final class CpuDevice implements Device {
    private final int threads;
    private final KernelTable kernels =
            new KernelTable("cpu", Set.of(DType.F32, DType.BF16, DType.I32, DType.U8), this);
    private final Map<Variable, Block> variables = new HashMap<>();
    private final List<CpuExecutable> executables = new ArrayList<>();
    private final Arena arena = new Arena(NativeMemory::uninitialised);
    private boolean closed;

    CpuDevice(int threads) {
        this.threads = threads;
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String description() {
        return "cpu, " + threads + (threads == 1 ? " thread, " : " threads, ")
                + Kernels.eider_instruction_set().getString() + ", " + OneDnn.version() + ", bf16 "
                + (OneDnn.hasAmx() ? "by amx" : OneDnn.hasFastBFloat16() ? "by avx512" : "widened") + ", eider "
                + Kernels.eider_build_info().getString();
    }

    @Override
    public boolean supports(Node node) {
        return kernels.supports(node);
    }

    @Override
    public Buffer variable(Variable variable) {
        return new HostBuffer(variable.type(), block(variable));
    }

    @Override
    public Executable load(Graph graph) {
        checkOpen();
        useThreads();
        CpuExecutable executable = new CpuExecutable(this, graph);
        executables.add(executable);
        return executable;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            List.copyOf(executables).forEach(CpuExecutable::close);
            variables.values().forEach(Block::close);
            arena.close();
        }
    }

    /** Makes both libraries use this device's threads when called from the calling thread; their defaults differ by thread. */
    void useThreads() {
        Kernels.eider_set_threads(threads);
    }

    KernelTable kernels() {
        return kernels;
    }

    Arena arena() {
        return arena;
    }

    /** Returns a variable's memory, zeros at first. */
    Block block(Variable variable) {
        checkOpen();
        Block existing = variables.get(variable);
        if (existing == null) {
            kernels.checkKept("variable " + variable, variable.type().dtype());
            existing =
                    NativeMemory.zeros("variable " + variable, variable.type().bytes());
            variables.put(variable, existing);
        }
        return existing;
    }

    void closed(CpuExecutable executable) {
        executables.remove(executable);
    }

    void checkOpen() {
        if (closed) {
            throw new IllegalStateException("this cpu device is closed; open another one");
        }
    }
}
