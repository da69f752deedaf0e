package io.eider.engine.backend.planned;

import java.util.function.IntSupplier;

/** An application of a kernel that is one native call without scratch memory. */
public final class OneCall extends OwnKernel {
    /** Makes the call from where tensors lie; its status is the supplier's. */
    @FunctionalInterface
    public interface Binding {
        /** Binds it. */
        IntSupplier to(long[] inputs, long[] outputs);
    }

    private final boolean inPlace;
    private final Binding binding;
    private IntSupplier call;

    /**
     * Creates it.
     *
     * @param name the kernel's in {@code abi.h}, without the element type
     * @param inPlace whether the output may lie where any input lies
     * @param binding makes the call
     */
    public OneCall(String name, boolean inPlace, Binding binding) {
        super(name);
        this.inPlace = inPlace;
        this.binding = binding;
    }

    @Override
    public boolean inPlace(int input, int output) {
        return inPlace;
    }

    @Override
    public void bind(long[] inputs, long[] outputs, long workspace) {
        call = binding.to(inputs, outputs);
    }

    @Override
    public void run() {
        done(call.getAsInt());
    }
}
