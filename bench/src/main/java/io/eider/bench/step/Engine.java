package io.eider.bench.step;

/** Who computes a step. */
enum Engine {
    EIDER("Eider"),
    PYTORCH("PyTorch"),
    DJL("DJL");

    private final String title;

    Engine(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
