package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Kernel;
import io.eider.engine.backend.KernelProvider;
import java.util.List;
import java.util.stream.Stream;

/** The kernels of the CPU backend that come with the engine. */
public final class CpuKernels implements KernelProvider {
    /** Used by {@link java.util.ServiceLoader}. */
    public CpuKernels() {}

    @Override
    public String backend() {
        return "cpu";
    }

    @Override
    public List<Kernel> kernels() {
        return Stream.of(
                        ConvolutionKernels.all(),
                        List.of(new MatmulKernel(), new FillKernel(), new CastKernel(), new SgdKernel()),
                        ElementwiseKernels.all(),
                        MovementKernels.all(),
                        ReductionKernels.all(),
                        BatchNormKernels.all(),
                        LabelKernels.all(),
                        LossKernels.all())
                .flatMap(List::stream)
                .toList();
    }
}
