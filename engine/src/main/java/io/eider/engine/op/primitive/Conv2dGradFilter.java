package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Bilinear;
import java.util.List;

/**
 * Adjoint of {@link Conv2d} in its filters: from images x (N, H, W, I) and cotangents g (N, P, Q, O) to (O, R, S, I).
 * It sums over all places of all images, so of bf16 it makes f32. Bilinear.
 *
 * @param stride distance between windows, both axes
 * @param padding zeros around the image, all sides
 * @param height R of the filters
 * @param width S of the filters
 */
public record Conv2dGradFilter(int stride, int padding, int height, int width) implements Bilinear {
    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        ConvolutionGeometry.checkRanks(this, inputs);
        Shape x = inputs.get(0).shape();
        Shape g = inputs.get(1).shape();
        if (x.dim(0) != g.dim(0)
                || g.dim(1) != Windows.count(this, inputs, x.dim(1), height, stride, padding)
                || g.dim(2) != Windows.count(this, inputs, x.dim(2), width, stride, padding)) {
            throw new ShapeException(this, inputs, "cotangents (N, P, Q, O) do not belong to images (N, H, W, I)");
        }
        return List.of(new TensorType(inputs.get(0).dtype().ofSums(), Shape.of(g.dim(3), height, width, x.dim(3))));
    }

    @Override
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        ConvolutionGeometry geometry = new ConvolutionGeometry(
                node.input(0).shape(), node.type(0).shape(), node.input(1).shape(), stride, padding);
        int channels = node.input(0).shape().dim(3);
        geometry.forEach((x, w, y) -> {
            double g = inputs[1][y];
            for (int i = 0; i < channels; i++) {
                outputs[0][w + i] += g * inputs[0][x + i];
            }
        });
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        Tensor x = node.input(0);
        Tensor g = node.input(1);
        Tensor w = Cast.cast(cotangents[0], x.dtype());
        return new Tensor[] {
            new Conv2dGradInput(stride, padding, x.shape().dim(1), x.shape().dim(2)).apply(g, w),
            new Conv2d(stride, padding).apply(x, w)
        };
    }

    @Override
    public long flops(Node node) {
        return 2
                * node.input(1).shape().size()
                * height
                * width
                * node.input(0).shape().dim(3);
    }
}
