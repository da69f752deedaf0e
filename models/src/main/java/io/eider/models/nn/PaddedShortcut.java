package io.eider.models.nn;

import io.eider.engine.graph.Shape;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.primitive.Pad;
import io.eider.engine.op.primitive.Slice;
import java.util.List;

/**
 * The parameter-free shortcut between stages, "option A" of He et al. 2016, section 4.2: every second pixel of both axes,
 * starting with the first, and zero channels, half of them before and half after:
 * (N, H, W, C) to (N, ⌈H/2⌉, ⌈W/2⌉, outputs).
 */
public final class PaddedShortcut {
    private PaddedShortcut() {}

    /**
     * Applies the shortcut.
     *
     * @param x images (N, H, W, C)
     * @param outputs channels of the result; C plus an even number
     * @throws IllegalArgumentException if the added channels cannot be halved
     */
    public static Tensor shortcut(Tensor x, int outputs) {
        int n = x.shape().dim(0);
        int h = (x.shape().dim(1) + 1) / 2;
        int w = (x.shape().dim(2) + 1) / 2;
        int c = x.shape().dim(3);
        if (outputs < c || (outputs - c) % 2 != 0) {
            throw new IllegalArgumentException("a padded shortcut adds an even number of channels, not " + outputs
                    + " − " + c + "; use a 1×1 convolution instead");
        }
        Tensor part = new Slice(List.of(0, 0, 0, 0), List.of(1, 2, 2, 1), Shape.of(n, h, w, c)).apply(x);
        return new Pad(List.of(0, 0, 0, (outputs - c) / 2), List.of(1, 1, 1, 1), Shape.of(n, h, w, outputs))
                .apply(part);
    }
}
