package io.eider.engine.op;

import static io.eider.engine.graph.TensorType.f32;
import static io.eider.engine.op.Draw.distinct;
import static io.eider.engine.op.Draw.normal;
import static io.eider.engine.op.Draw.places;
import static io.eider.engine.op.OpCase.op;

import io.eider.engine.op.primitive.MaxPool;
import io.eider.engine.op.primitive.PickInWindow;
import io.eider.engine.op.primitive.PlaceInWindow;
import java.util.List;
import java.util.stream.Stream;

/** One geometry, and its row for max pooling and for each of the two ops that its derivatives are made of. */
record PoolCase(int batch, int height, int width, int channels, int window, int stride, int padding) {
    static Stream<PoolCase> all() {
        return Stream.of(
                // As the first layers of a ResNet-50, with 16 bytes of channels at once and without.
                new PoolCase(2, 7, 6, 1, 3, 2, 1),
                new PoolCase(1, 4, 5, 64, 3, 2, 1),
                new PoolCase(2, 3, 4, 129, 3, 1, 1),
                // The last row and column lie in no window.
                new PoolCase(1, 5, 7, 8, 2, 2, 0),
                // Windows apart from each other.
                new PoolCase(1, 4, 9, 33, 2, 3, 1),
                // As much padding as there may be.
                new PoolCase(1, 1, 2, 7, 15, 1, 14),
                new PoolCase(7, 3, 5, 16, 4, 3, 2));
    }

    OpCase max() {
        return op(new MaxPool(window, stride, padding))
                .in(distinct(batch, height, width, channels))
                .rejects(f32(height, width, channels));
    }

    OpCase pick() {
        return op(new PickInWindow(window, stride, padding))
                .in(normal(batch, height, width, channels), places(window, results()));
    }

    OpCase place() {
        return op(new PlaceInWindow(window, stride, padding, height, width))
                .in(normal(results()), places(window, results()))
                .tolerance(4, (long) window * window, "a sum over the windows of a pixel");
    }

    private int[] results() {
        return new MaxPool(window, stride, padding)
                .infer(List.of(f32(batch, height, width, channels)))
                .get(0)
                .shape()
                .dims();
    }
}
