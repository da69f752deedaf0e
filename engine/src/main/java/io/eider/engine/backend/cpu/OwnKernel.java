package io.eider.engine.backend.cpu;

import io.eider.engine.backend.Kernel;
import io.eider.engine.op.InvalidExampleException;

/** An application of one of Eider's own kernels: what the status codes of {@code abi.h} mean. */
abstract class OwnKernel implements Kernel.Prepared {
    private final String name;

    /** Creates it under the kernel's name in {@code abi.h}, without the element type. */
    OwnKernel(String name) {
        this.name = name;
    }

    @Override
    public final String implementation() {
        return name;
    }

    /** Throws if the kernel refused its sizes: they were checked before, so this is a defect of the backend. */
    final void done(int status) {
        if (status != 0) {
            throw new IllegalStateException(name + " refused its sizes, status " + status);
        }
    }

    /** Throws if a kernel that reads labels met an example that it cannot compute with. */
    final void examples(String op, int classes, long status) {
        if (status > 0) {
            throw new InvalidExampleException(op, status - 1, "has a label that is not in 0…" + (classes - 1));
        }
        if (status < 0) {
            throw new InvalidExampleException(op, -status - 1, "has logits whose loss is not finite");
        }
    }
}
