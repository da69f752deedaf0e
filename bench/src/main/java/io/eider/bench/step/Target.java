package io.eider.bench.step;

import java.util.List;

/**
 * A ratio of two medians that this project holds itself to.
 *
 * @param title what it compares
 * @param over the row whose time is divided
 * @param under the row it is divided by
 * @param bound whether more or less is better
 * @param must what it has to reach
 * @param aim what it should reach
 */
record Target(String title, String over, String under, Bound bound, double must, double aim) {
    /** All of them, in the order of the table; one of which a row is not measured is left out. */
    static final List<Target> ALL = List.of(
            new Target("plain f32, PyTorch f32 over Eider", "torch-plain", "eider-plain", Bound.AT_LEAST, 1.8, 2.4),
            new Target(
                    "stage 2 f32, the authors' step over Eider",
                    "torch-stage2-authors",
                    "eider-stage2",
                    Bound.AT_LEAST,
                    3.2,
                    3.6),
            new Target(
                    "stage 2 f32, torch.func.jvp over Eider",
                    "torch-stage2-jvp",
                    "eider-stage2",
                    Bound.AT_LEAST,
                    2.2,
                    2.5),
            new Target(
                    "plain bf16, PyTorch bf16 channels-last over Eider",
                    "torch-plain-bf16",
                    "eider-plain-bf16",
                    Bound.AT_LEAST,
                    2.8,
                    4.5),
            new Target(
                    "plain, PyTorch f32 over Eider bf16", "torch-plain", "eider-plain-bf16", Bound.AT_LEAST, 5.5, 10),
            new Target(
                    "stage 2, the authors' step f32 over Eider bf16",
                    "torch-stage2-authors",
                    "eider-stage2-bf16",
                    Bound.AT_LEAST,
                    12,
                    20),
            new Target("Eider f32, stage 2 over plain", "eider-stage2", "eider-plain", Bound.AT_MOST, 3.6, 3.4),
            new Target(
                    "Eider bf16, stage 2 over plain",
                    "eider-stage2-bf16",
                    "eider-plain-bf16",
                    Bound.AT_MOST,
                    3.6,
                    3.4));

    /** Which side of the target is the good one. */
    enum Bound {
        AT_LEAST("≥"),
        AT_MOST("≤");

        private final String sign;

        Bound(String sign) {
            this.sign = sign;
        }

        String sign() {
            return sign;
        }
    }
}
