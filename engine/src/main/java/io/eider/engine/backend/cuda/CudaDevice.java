package io.eider.engine.backend.cuda;

import io.eider.engine.backend.Buffer;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.Executable;
import io.eider.engine.backend.planned.Arena;
import io.eider.engine.backend.planned.Block;
import io.eider.engine.backend.planned.Cleanup;
import io.eider.engine.backend.planned.KernelTable;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.cuda.cudart.CUstream_st;

/** A GPU, its variables, and the arena that its programs share. */
final class CudaDevice implements Device, CudaStream {
    private final CudaContext context;
    private final KernelTable kernels;
    private final Map<Variable, Block> variables = new HashMap<>();
    private final List<CudaExecutable> executables = new ArrayList<>();
    private final Arena arena;
    private Block staging;
    private boolean closed;

    /** Takes charge of a context. */
    CudaDevice(CudaContext context) {
        this.context = context;
        this.arena = new Arena(context.memory()::uninitialised);
        this.kernels = new KernelTable(
                "cuda",
                context.roundsForTensorCores()
                        ? Set.of(DType.F32, DType.BF16, DType.I32, DType.U8)
                        : Set.of(DType.F32, DType.I32, DType.U8),
                this);
    }

    @Override
    public String name() {
        return context.name();
    }

    @Override
    public String description() {
        return context.description();
    }

    @Override
    public boolean supports(Node node) {
        return kernels.supports(node);
    }

    @Override
    public Buffer variable(Variable variable) {
        return new CudaBuffer(this, variable.type(), block(variable));
    }

    @Override
    public Executable load(Graph graph) {
        checkOpen();
        context.use();
        CudaExecutable executable = new CudaExecutable(this, graph);
        executables.add(executable);
        return executable;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try (Cleanup cleanup = new Cleanup()) {
                cleanup.add(context::close);
                cleanup.add(arena::close);
                variables.values().forEach(block -> cleanup.add(block::close));
                if (staging != null) {
                    cleanup.add(staging::close);
                }
                List.copyOf(executables).forEach(executable -> cleanup.add(executable::close));
                cleanup.add(context::use);
            }
        }
    }

    @Override
    public CUstream_st stream() {
        return context.stream();
    }

    CudaContext context() {
        return context;
    }

    KernelTable kernels() {
        return kernels;
    }

    Arena arena() {
        return arena;
    }

    /** Returns host memory of at least so many bytes through which tensors are copied; the next call returns the same. */
    Block staging(long bytes) {
        if (staging == null || staging.bytes() < bytes) {
            Block old = staging;
            staging = null;
            if (old != null) {
                old.close();
            }
            staging = context.memory().pinned("copies of variables", bytes);
        }
        return staging;
    }

    /** Returns a variable's memory, zeros at first. */
    Block block(Variable variable) {
        checkOpen();
        context.use();
        Block existing = variables.get(variable);
        if (existing == null) {
            kernels.checkKept("variable " + variable, variable.type().dtype());
            existing = context.memory()
                    .zeros("variable " + variable, variable.type().bytes());
            variables.put(variable, existing);
        }
        return existing;
    }

    void closed(CudaExecutable executable) {
        executables.remove(executable);
    }

    void checkOpen() {
        if (closed) {
            throw new IllegalStateException("this cuda device is closed; open another one");
        }
    }
}
