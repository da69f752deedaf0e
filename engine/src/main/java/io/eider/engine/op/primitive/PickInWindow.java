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
 * The pixel of each window that stands at a given place: y[n,p,q,c] = x[n, p·stride + r − padding,
 * q·stride + s − padding, c] where place[n,p,q,c] = r·window + s. A place in the padding, or that no window has, gives 0.
 *
 * <p>x is (N, H, W, C), floating; place is u8 (N, P, Q, C), as {@link MaxPool} makes it of images of x's shape; y is
 * (N, P, Q, C), of x's type. Linear in x; its adjoint is {@link PlaceInWindow}.
 *
 * @param window extent of a window, both axes, 1…15
 * @param stride distance between windows, both axes
 * @param padding width of what surrounds the image, all sides, less than the window
 */
public record PickInWindow(int window, int stride, int padding) implements Linear {
    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (inputs.size() != 2
                || inputs.get(0).shape().rank() != 4
                || !inputs.get(0).dtype().isFloating()
                || inputs.get(1).dtype() != DType.U8) {
            throw new ShapeException(this, inputs, "it takes floating images (N, H, W, C) and u8 places (N, P, Q, C)");
        }
        Shape x = inputs.get(0).shape();
        Shape y = geometry().results(this, inputs, x.dim(0), x.dim(1), x.dim(2), x.dim(3));
        if (!inputs.get(1).shape().equals(y)) {
            throw new ShapeException(this, inputs, "the windows of these images have places " + y);
        }
        return List.of(inputs.get(0).withShape(y));
    }

    @Override
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        int channels = node.type(0).shape().dim(3);
        geometry().windows(node.input(0).shape(), node.type(0).shape()).forEach((place, image, result) -> {
            for (int c = 0; c < channels; c++) {
                if (inputs[1][result + c] == place) {
                    outputs[0][result + c] = inputs[0][image + c];
                }
            }
        });
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        Shape x = node.input(0).shape();
        PlaceInWindow adjoint = new PlaceInWindow(window, stride, padding, x.dim(1), x.dim(2));
        return new Tensor[] {adjoint.apply(cotangents[0], node.input(1)), null};
    }

    @Override
    public long flops(Node node) {
        return 0;
    }

    private PoolGeometry geometry() {
        return new PoolGeometry(window, stride, padding);
    }
}
