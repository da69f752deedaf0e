package io.eider.engine.backend.planned;

import io.eider.engine.backend.Kernel;
import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A kernel that is prepared by the element type of its first input.
 *
 * @param op what it runs
 * @param preparations by the types it knows
 * @param suits whether it can run an application of the op
 */
public record KernelByType(
        Class<? extends Op> op, Map<DType, Function<Node, Prepared>> preparations, Predicate<Node> suits)
        implements Kernel {
    /** Creates one for every application of an op in f32. */
    public KernelByType(Class<? extends Op> op, Function<Node, Prepared> floats) {
        this(op, Map.of(DType.F32, floats));
    }

    /** Creates one for every application of an op. */
    public KernelByType(Class<? extends Op> op, Map<DType, Function<Node, Prepared>> preparations) {
        this(op, preparations, node -> true);
    }

    @Override
    public Set<DType> dtypes() {
        return preparations.keySet();
    }

    @Override
    public boolean supports(Node node) {
        return suits.test(node);
    }

    @Override
    public Prepared prepare(Node node) {
        return preparations.get(node.input(0).dtype()).apply(node);
    }
}
