package io.eider.engine.program;

/** In what a program keeps its images. A property of a program: models and derivatives are written in f32 and know nothing of it. */
public enum Precision {
    /** Everything as declared; what other precisions are judged by. */
    F32,
    /** Images and the operands of convolutions in bf16, everything else and all sums in f32: {@link MixedPrecision}. */
    BF16
}
