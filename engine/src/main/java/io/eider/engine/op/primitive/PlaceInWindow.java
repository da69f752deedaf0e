package io.eider.engine.op.primitive;

import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Linear;
import java.util.List;

/**
 * Puts one value a window and channel into images of zeros, at a given place of the window, and adds them up where windows
 * overlap: x[n,h,v,c] = Σ g[n,p,q,c] over the p, q and r·window + s = place[n,p,q,c] with h = p·stride + r − padding and
 * v = q·stride + s − padding. What has a place in the padding, or one that no window has, is left out.
 *
 * <p>g is (N, P, Q, C), floating; place is u8 of the same shape, as {@link MaxPool} makes it of images (N, height, width,
 * C); x is (N, height, width, C), of g's type. Sums are in order of p, then q; of bf16 they are kept in f32 and rounded
 * once. Linear in g; its adjoint is {@link PickInWindow}.
 *
 * @param window extent of a window, both axes, 1…15
 * @param stride distance between windows, both axes
 * @param padding width of what surrounds the image, all sides, less than the window
 * @param height H of the images
 * @param width W of the images
 */
public record PlaceInWindow(int window, int stride, int padding, int height, int width) implements Linear {
    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (inputs.size() != 2
                || inputs.get(0).shape().rank() != 4
                || !inputs.get(0).dtype().isFloating()
                || inputs.get(1).dtype() != DType.U8
                || !inputs.get(0).shape().equals(inputs.get(1).shape())) {
            throw new ShapeException(this, inputs, "it takes floating values (N, P, Q, C) and u8 places (N, P, Q, C)");
        }
        Shape g = inputs.get(0).shape();
        Shape expected = geometry().results(this, inputs, g.dim(0), height, width, g.dim(3));
        if (!g.equals(expected)) {
            throw new ShapeException(this, inputs, "the windows of these images have values and places " + expected);
        }
        return List.of(inputs.get(0).withShape(Shape.of(g.dim(0), height, width, g.dim(3))));
    }

    @Override
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        int channels = node.type(0).shape().dim(3);
        geometry().windows(node.type(0).shape(), node.input(0).shape()).forEach((place, image, result) -> {
            for (int c = 0; c < channels; c++) {
                if (inputs[1][result + c] == place) {
                    outputs[0][image + c] += inputs[0][result + c];
                }
            }
        });
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[] {new PickInWindow(window, stride, padding).apply(cotangents[0], node.input(1)), null};
    }

    /** An addition for each value. */
    @Override
    public long flops(Node node) {
        return node.input(0).shape().size();
    }

    private PoolGeometry geometry() {
        return new PoolGeometry(window, stride, padding);
    }
}
