package io.eider.bench.step;

/** Which training step. */
enum Step {
    /** θ ← θ − lr·∇ (1/n) Σ l_i(θ), with Nesterov momentum and weight decay. */
    PLAIN("plain"),
    /** Stage 2 of the method: look-ahead, development loss, ε, then the weighted update. */
    STAGE2("stage 2");

    private final String title;

    Step(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
