package io.eider.bench.step;

/** What activations are stored and multiplied in; parameters, statistics, losses and sums are 32-bit in both. */
enum Arithmetic {
    /** A unit of rounding is 6e-8; up to the third loss it was seen to grow to 4e-5 in plain steps and to 1e-3 in stage 2. */
    F32("f32", 3e-3),
    /** A unit of rounding is 4e-3; up to the third loss it was seen to grow to 8e-3. */
    BF16("bf16", 3e-2);

    private final String title;
    private final double tolerance;

    Arithmetic(String title, double tolerance) {
        this.title = title;
        this.tolerance = tolerance;
    }

    String title() {
        return title;
    }

    /** Returns how far a loss may be from another engine's, relative to it. */
    double tolerance() {
        return tolerance;
    }
}
