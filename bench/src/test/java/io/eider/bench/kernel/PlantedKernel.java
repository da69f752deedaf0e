package io.eider.bench.kernel;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.KernelProvider;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A kernel that computes nothing, and counts how often. */
public final class PlantedKernel implements KernelProvider, Kernel {
    static final AtomicInteger RUNS = new AtomicInteger();

    /** Used by {@link java.util.ServiceLoader}. */
    public PlantedKernel() {}

    @Override
    public String backend() {
        return "cpu";
    }

    @Override
    public List<Kernel> kernels(Device device) {
        return List.of(this);
    }

    @Override
    public Class<? extends Op> op() {
        return Planted.class;
    }

    @Override
    public Prepared prepare(Node node) {
        return new Prepared() {
            @Override
            public String implementation() {
                return "planted";
            }

            @Override
            public void bind(long[] inputs, long[] outputs, long workspace) {}

            @Override
            public void run() {
                RUNS.incrementAndGet();
            }
        };
    }
}
