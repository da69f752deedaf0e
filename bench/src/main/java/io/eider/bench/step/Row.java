package io.eider.bench.step;

import java.util.List;

/**
 * One measured step: which, in which arithmetic, by whom.
 *
 * @param name what the command line and the peer call it
 * @param step which training step
 * @param arithmetic what activations are stored and multiplied in
 * @param engine who computes it
 * @param form what tells it from the engine's other rows; may be empty
 */
record Row(String name, Step step, Arithmetic arithmetic, Engine engine, String form) {
    /** Everything that can be measured, in the order of the table. A row of ours needs a step in {@link EiderPeer} too. */
    static final List<Row> ALL = List.of(
            new Row("eider-plain", Step.PLAIN, Arithmetic.F32, Engine.EIDER, ""),
            new Row("torch-plain", Step.PLAIN, Arithmetic.F32, Engine.PYTORCH, ""),
            new Row("torch-plain-cl", Step.PLAIN, Arithmetic.F32, Engine.PYTORCH, "channels-last"),
            new Row("torch-plain-compile", Step.PLAIN, Arithmetic.F32, Engine.PYTORCH, "channels-last, torch.compile"),
            new Row("djl-plain", Step.PLAIN, Arithmetic.F32, Engine.DJL, "PyTorch engine"),
            new Row("eider-plain-bf16", Step.PLAIN, Arithmetic.BF16, Engine.EIDER, ""),
            new Row("torch-plain-bf16", Step.PLAIN, Arithmetic.BF16, Engine.PYTORCH, "channels-last, autocast"),
            new Row(
                    "torch-plain-bf16-compile",
                    Step.PLAIN,
                    Arithmetic.BF16,
                    Engine.PYTORCH,
                    "channels-last, autocast, torch.compile"),
            new Row("eider-stage2", Step.STAGE2, Arithmetic.F32, Engine.EIDER, ""),
            new Row("eider-stage2-recompute", Step.STAGE2, Arithmetic.F32, Engine.EIDER, "recomputing"),
            new Row(
                    "torch-stage2-authors",
                    Step.STAGE2,
                    Arithmetic.F32,
                    Engine.PYTORCH,
                    "the authors' double backward"),
            new Row("torch-stage2-jvp", Step.STAGE2, Arithmetic.F32, Engine.PYTORCH, "torch.func.jvp"),
            new Row(
                    "torch-stage2-jvp-cl",
                    Step.STAGE2,
                    Arithmetic.F32,
                    Engine.PYTORCH,
                    "torch.func.jvp, channels-last"),
            new Row("eider-stage2-bf16", Step.STAGE2, Arithmetic.BF16, Engine.EIDER, ""),
            new Row("eider-stage2-bf16-recompute", Step.STAGE2, Arithmetic.BF16, Engine.EIDER, "recomputing"));

    /** Returns one line for tables. */
    String title() {
        return engine.title() + (form.isEmpty() ? "" : ", " + form);
    }
}
