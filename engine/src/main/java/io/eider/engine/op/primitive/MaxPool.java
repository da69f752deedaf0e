package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Primitive;
import java.util.Arrays;
import java.util.List;

/**
 * Largest pixel of each window, every channel by itself: y[n,p,q,c] = max over r, s of
 * x[n, p·stride + r − padding, q·stride + s − padding, c], of what lies in the image: padding is never chosen.
 *
 * <p>x is (N, H, W, C), floating. Outputs: y (N, P, Q, C), of x's type, with P = ⌊(H + 2·padding − window) / stride⌋ + 1
 * and Q likewise; and the place that was chosen, u8 (N, P, Q, C): r·window + s. Among equals it is the first, and all of
 * the derivative is that place's; 0 and −0 are equal. NaN is chosen before any number. An empty batch has no results.
 *
 * <p>Both derivatives move numbers by the place and leave it as it is: {@link PickInWindow} and {@link PlaceInWindow}.
 *
 * @param window extent of a window, both axes, 1…15
 * @param stride distance between windows, both axes
 * @param padding width of what surrounds the image, all sides, less than the window
 */
public record MaxPool(int window, int stride, int padding) implements Primitive {
    /** Returns the largest pixels of the windows of images (N, H, W, C). */
    public static Tensor maxPool(Tensor x, int window, int stride, int padding) {
        return new MaxPool(window, stride, padding).apply(x);
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (inputs.size() != 1
                || inputs.get(0).shape().rank() != 4
                || !inputs.get(0).dtype().isFloating()) {
            throw new ShapeException(this, inputs, "it takes floating images (N, H, W, C)");
        }
        Shape x = inputs.get(0).shape();
        Shape y = geometry().results(this, inputs, x.dim(0), x.dim(1), x.dim(2), x.dim(3));
        return List.of(inputs.get(0).withShape(y), TensorType.u8(y.dims()));
    }

    @Override
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        double[] x = inputs[0];
        double[] y = outputs[0];
        double[] chosen = outputs[1];
        int channels = node.type(0).shape().dim(3);
        Arrays.fill(chosen, -1);
        geometry().windows(node.input(0).shape(), node.type(0).shape()).forEach((place, image, result) -> {
            for (int c = 0; c < channels; c++) {
                if (chosen[result + c] < 0 || isLarger(x[image + c], y[result + c])) {
                    y[result + c] = x[image + c];
                    chosen[result + c] = place;
                }
            }
        });
    }

    private static boolean isLarger(double candidate, double largest) {
        return candidate > largest || Double.isNaN(candidate) && !Double.isNaN(largest);
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        Shape x = node.input(0).shape();
        PlaceInWindow adjoint = new PlaceInWindow(window, stride, padding, x.dim(1), x.dim(2));
        return new Tensor[] {adjoint.apply(cotangents[0], node.output(1))};
    }

    @Override
    public Tensor[] jvp(Node node, Tensor[] tangents) {
        return new Tensor[] {new PickInWindow(window, stride, padding).apply(tangents[0], node.output(1)), null};
    }

    /** A comparison for each place of each window. */
    @Override
    public long flops(Node node) {
        return node.type(0).shape().size() * window * window;
    }

    private PoolGeometry geometry() {
        return new PoolGeometry(window, stride, padding);
    }
}
