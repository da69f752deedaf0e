package io.eider.engine.op;

/** A number in a batch that an op cannot compute with: a label outside the classes, a window outside its image, logits that are not finite. */
public final class InvalidExampleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long example;

    /**
     * Creates the error.
     *
     * @param op the op that met it
     * @param example index of the first such example in the batch
     * @param reason what is wrong with it
     */
    public InvalidExampleException(String op, long example, String reason) {
        super(op + ": example " + example + " of the batch " + reason);
        this.example = example;
    }

    /** Returns the index of the first bad example in the batch. */
    public long example() {
        return example;
    }
}
