package io.eider.engine.backend.planned;

import io.eider.engine.backend.Kernel;

/** Computes tensors without elements. */
public final class NothingToDo implements Kernel.Prepared {
    /** The only one. */
    public static final NothingToDo INSTANCE = new NothingToDo();

    private NothingToDo() {}

    @Override
    public String implementation() {
        return "nothing to do";
    }

    @Override
    public void bind(long[] inputs, long[] outputs, long workspace) {}

    @Override
    public void run() {}
}
