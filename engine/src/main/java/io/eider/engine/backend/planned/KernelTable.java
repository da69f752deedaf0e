package io.eider.engine.backend.planned;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.KernelProvider;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kernels that all jars bring for one backend, by op. */
public final class KernelTable {
    private final String backend;
    private final Set<DType> dtypes;
    private final Map<Class<? extends Op>, Kernel> kernels = new HashMap<>();

    /**
     * Asks every provider.
     *
     * @param backend its name
     * @param dtypes element types that it can keep; which of them an op reads and writes, its kernel says
     * @param device for which the kernels are
     */
    public KernelTable(String backend, Set<DType> dtypes, Device device) {
        this.backend = backend;
        this.dtypes = dtypes;
        for (KernelProvider provider : ServiceLoader.load(KernelProvider.class)) {
            if (provider.backend().equals(backend)) {
                provider.kernels(device).forEach(this::register);
            }
        }
    }

    /** Returns whether there is a kernel for a node, or it needs none. */
    public boolean supports(Node node) {
        boolean isStep = StoragePlan.isStep(node);
        Kernel kernel = kernels.get(node.op().getClass());
        Set<DType> known = !isStep ? dtypes : kernel == null ? Set.of() : kernel.dtypes();
        return Stream.concat(node.inputs().stream().map(Tensor::type), node.types().stream())
                        .map(TensorType::dtype)
                        .allMatch(known::contains)
                && (!isStep || kernel.supports(node));
    }

    /**
     * Chooses the implementation of a step.
     *
     * @throws UnsupportedOperationException if there is no kernel for it
     */
    public Kernel.Prepared prepare(Node node) {
        if (!supports(node)) {
            throw new UnsupportedOperationException("the " + backend + " backend has no kernel for " + node + " of "
                    + node.inputs() + " to " + node.types());
        }
        boolean empty = node.types().stream().allMatch(type -> type.shape().size() == 0);
        return empty ? NothingToDo.INSTANCE : kernels.get(node.op().getClass()).prepare(node);
    }

    /**
     * Checks that numbers of a type can be kept.
     *
     * @param owner what is of that type
     * @throws UnsupportedOperationException if not
     */
    public void checkKept(Object owner, DType dtype) {
        if (!dtypes.contains(dtype)) {
            throw new UnsupportedOperationException("the " + backend + " backend keeps "
                    + dtypes.stream().sorted().map(DType::toString).collect(Collectors.joining(", ")) + ", not "
                    + owner);
        }
    }

    private void register(Kernel kernel) {
        Kernel other = kernels.put(kernel.op(), kernel);
        if (other != null) {
            throw new IllegalStateException("two " + backend + " kernels for "
                    + kernel.op().getName() + ": " + other.getClass().getName() + " and "
                    + kernel.getClass().getName());
        }
    }
}
