package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Bilinear;
import java.util.List;

/**
 * Adjoint of {@link Conv2d} in its images: from cotangents g (N, P, Q, O) and filters w (O, R, S, I) to (N, H, W, I).
 * Bilinear.
 *
 * @param stride distance between windows, both axes
 * @param padding zeros around the image, all sides
 * @param height H of the images
 * @param width W of the images
 */
public record Conv2dGradInput(int stride, int padding, int height, int width) implements Bilinear {
    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        ConvolutionGeometry.checkRanks(this, inputs);
        Shape g = inputs.get(0).shape();
        Shape w = inputs.get(1).shape();
        if (g.dim(3) != w.dim(0)
                || g.dim(1) != Windows.count(this, inputs, height, w.dim(1), stride, padding)
                || g.dim(2) != Windows.count(this, inputs, width, w.dim(2), stride, padding)) {
            throw new ShapeException(
                    this, inputs, "cotangents (N, P, Q, O) do not belong to filters (O, R, S, I) and these images");
        }
        return List.of(inputs.get(0).withShape(Shape.of(g.dim(0), height, width, w.dim(3))));
    }

    @Override
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        ConvolutionGeometry geometry = new ConvolutionGeometry(
                node.type(0).shape(), node.input(1).shape(), node.input(0).shape(), stride, padding);
        int channels = node.type(0).shape().dim(3);
        geometry.forEach((x, w, y) -> {
            double g = inputs[0][y];
            for (int i = 0; i < channels; i++) {
                outputs[0][x + i] += g * inputs[1][w + i];
            }
        });
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        Tensor w = node.input(1);
        return new Tensor[] {
            new Conv2d(stride, padding).apply(cotangents[0], w),
            Cast.cast(
                    new Conv2dGradFilter(
                                    stride, padding, w.shape().dim(1), w.shape().dim(2))
                            .apply(cotangents[0], node.input(0)),
                    w.dtype())
        };
    }

    @Override
    public long flops(Node node) {
        Shape w = node.input(1).shape();
        return 2 * node.input(0).shape().size() * w.dim(1) * w.dim(2) * w.dim(3);
    }
}
