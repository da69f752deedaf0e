package io.eider.engine.backend.planned;

import io.eider.engine.backend.Kernel;

/** An application of one of Eider's own kernels: what the status codes of {@code abi.h} mean. */
public abstract class OwnKernel implements Kernel.Prepared {
    private final String name;

    /** Creates it under the kernel's name in the C ABI, without the element type. */
    protected OwnKernel(String name) {
        this.name = name;
    }

    @Override
    public final String implementation() {
        return name;
    }

    /** Throws if the kernel refused its sizes: they were checked before, so this is a defect of the backend. */
    protected final void done(int status) {
        if (status != 0) {
            throw new IllegalStateException(name + " refused its sizes, status " + status);
        }
    }
}
