package io.eider.example;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.KernelProvider;
import java.util.List;

/** The CPU kernels of this jar, named in {@code META-INF/services}. */
public final class ExampleKernels implements KernelProvider {
    /** Used by {@link java.util.ServiceLoader}. */
    public ExampleKernels() {}

    @Override
    public String backend() {
        return "cpu";
    }

    @Override
    public List<Kernel> kernels(Device device) {
        return List.of(new SoftplusKernel());
    }
}
