package io.eider.engine.backend.planned;

import io.eider.engine.op.InvalidExampleException;
import org.bytedeco.javacpp.LongPointer;

/**
 * A kernel that reads labels or draws, and may meet an example that it cannot compute with. It says so by the status that its
 * call returns, or, where calls return before they have run, in a status word that it was given.
 */
public abstract class ExampleKernel extends OwnKernel {
    private final String op;
    private final String badInput;
    private LongPointer statusWord;

    /**
     * Creates it.
     *
     * @param name the kernel's in the C ABI, without the element type
     * @param op name of what it computes
     * @param badInput what is wrong with an example whose label or draw is out of range
     */
    protected ExampleKernel(String name, String op, String badInput) {
        super(name);
        this.op = op;
        this.badInput = badInput;
    }

    /** Returns what is wrong with an example whose label is none of so many classes. */
    protected static String badLabel(int classes) {
        return "has a label that is not in 0…" + (classes - 1);
    }

    /** Gives it a 64-bit word in the device's memory, 0 before each run. */
    public final void useStatusWord(long address) {
        statusWord = new LongPointer(Address.of(address));
    }

    @Override
    public final boolean mayStop() {
        return true;
    }

    @Override
    public final void run() {
        check(call(statusWord));
    }

    /**
     * Runs.
     *
     * @param statusWord where to leave a status, or null
     * @return the status of {@code abi.h}: 0, i + 1 for a bad label or draw of example i, −(i + 1) for a bad loss
     */
    protected abstract long call(LongPointer statusWord);

    /** Throws what a status means, if it is not 0. */
    public final void check(long status) {
        if (status > 0) {
            throw new InvalidExampleException(op, status - 1, badInput);
        }
        if (status < 0) {
            throw new InvalidExampleException(op, -status - 1, "has logits whose loss is not finite");
        }
    }
}
