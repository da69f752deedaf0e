package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Buffer;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.Executable;
import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.KernelProvider;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.graph.Variable;
import io.eider.natives.Kernels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Stream;

/** The CPU, its variables, and the arena that its programs share. */
final class CpuDevice implements Device {
    /** Element types that can be kept; which of them an op reads and writes, its kernel says. */
    static final Set<DType> DTYPES = Set.of(DType.F32, DType.BF16, DType.I32);

    private final int threads;
    private final Map<Class<? extends Op>, Kernel> kernels = new HashMap<>();
    private final Map<Variable, CpuBuffer> variables = new HashMap<>();
    private final List<CpuExecutable> executables = new ArrayList<>();
    private final Arena arena = new Arena();
    private boolean closed;

    CpuDevice(int threads) {
        this.threads = threads;
        for (KernelProvider provider : ServiceLoader.load(KernelProvider.class)) {
            if (provider.backend().equals("cpu")) {
                provider.kernels().forEach(this::register);
            }
        }
    }

    @Override
    public String description() {
        return "cpu, " + threads + (threads == 1 ? " thread, " : " threads, ")
                + Kernels.eider_instruction_set().getString() + ", " + OneDnn.version() + ", bf16 "
                + (OneDnn.hasFastBFloat16() ? "by amx" : "widened") + ", eider "
                + Kernels.eider_build_info().getString();
    }

    @Override
    public boolean supports(Node node) {
        Kernel kernel = kernels.get(node.op().getClass());
        Set<DType> dtypes = isLeafOrAlias(node) ? DTYPES : kernel == null ? Set.of() : kernel.dtypes();
        return Stream.concat(node.inputs().stream().map(Tensor::type), node.types().stream())
                        .map(TensorType::dtype)
                        .allMatch(dtypes::contains)
                && (isLeafOrAlias(node) || kernel.supports(node));
    }

    @Override
    public Buffer variable(Variable variable) {
        return buffer(variable);
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
            variables.values().forEach(buffer -> buffer.block().close());
            arena.close();
        }
    }

    /** Makes both libraries use this device's threads when called from the calling thread; their defaults differ by thread. */
    void useThreads() {
        Kernels.eider_set_threads(threads);
    }

    Arena arena() {
        return arena;
    }

    CpuBuffer buffer(Variable variable) {
        checkOpen();
        CpuBuffer existing = variables.get(variable);
        if (existing == null) {
            if (!DTYPES.contains(variable.type().dtype())) {
                throw new UnsupportedOperationException(
                        "the cpu backend has f32, bf16 and i32, not variable " + variable);
            }
            String owner = "variable " + variable;
            existing = new CpuBuffer(
                    variable.type(), Block.zeros(owner, variable.type().bytes()));
            variables.put(variable, existing);
        }
        return existing;
    }

    Kernel.Prepared prepare(Node node) {
        if (!supports(node)) {
            throw new UnsupportedOperationException(
                    "the cpu backend has no kernel for " + node + " of " + node.inputs() + " to " + node.types());
        }
        boolean empty = node.types().stream().allMatch(type -> type.shape().size() == 0);
        return empty ? NothingToDo.INSTANCE : kernels.get(node.op().getClass()).prepare(node);
    }

    void closed(CpuExecutable executable) {
        executables.remove(executable);
    }

    void checkOpen() {
        if (closed) {
            throw new IllegalStateException("this cpu device is closed; open another one");
        }
    }

    private static boolean isLeafOrAlias(Node node) {
        return !StoragePlan.isStep(node);
    }

    private void register(Kernel kernel) {
        Kernel other = kernels.put(kernel.op(), kernel);
        if (other != null) {
            throw new IllegalStateException("two cpu kernels for " + kernel.op().getName() + ": "
                    + other.getClass().getName() + " and " + kernel.getClass().getName());
        }
    }
}
