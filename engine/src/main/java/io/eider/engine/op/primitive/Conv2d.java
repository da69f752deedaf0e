package io.eider.engine.op.primitive;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.Bilinear;
import java.util.List;

/**
 * Cross-correlation of images with filters: y[n,p,q,o] = Σ_{r,s,i} x[n, p·stride + r − padding, q·stride + s − padding, i]
 * · w[o,r,s,i], zero outside the image. x is (N, H, W, I), w is (O, R, S, I), y is (N, P, Q, O) with
 * P = ⌊(H + 2·padding − R) / stride⌋ + 1. Bilinear; its derivatives are {@link Conv2dGradInput} and
 * {@link Conv2dGradFilter}.
 *
 * @param stride distance between windows, both axes
 * @param padding zeros around the image, all sides
 */
public record Conv2d(int stride, int padding) implements Bilinear {
    /** Returns the cross-correlation of images (N, H, W, I) with filters (O, R, S, I). */
    public static Tensor conv2d(Tensor x, Tensor filter, int stride, int padding) {
        return new Conv2d(stride, padding).apply(x, filter);
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        ConvolutionGeometry.checkRanks(this, inputs);
        Shape x = inputs.get(0).shape();
        Shape w = inputs.get(1).shape();
        if (x.dim(3) != w.dim(3)) {
            throw new ShapeException(
                    this, inputs, "images (N, H, W, I) and filters (O, R, S, I) must agree in I; layout is NHWC");
        }
        int p = Windows.count(this, inputs, x.dim(1), w.dim(1), stride, padding);
        int q = Windows.count(this, inputs, x.dim(2), w.dim(2), stride, padding);
        return List.of(inputs.get(0).withShape(Shape.of(x.dim(0), p, q, w.dim(0))));
    }

    @Override
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        ConvolutionGeometry geometry = new ConvolutionGeometry(
                node.input(0).shape(), node.input(1).shape(), node.type(0).shape(), stride, padding);
        int channels = node.input(0).shape().dim(3);
        geometry.forEach((x, w, y) -> {
            double sum = 0;
            for (int i = 0; i < channels; i++) {
                sum += inputs[0][x + i] * inputs[1][w + i];
            }
            outputs[0][y] += sum;
        });
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        Tensor x = node.input(0);
        Tensor w = node.input(1);
        return new Tensor[] {
            new Conv2dGradInput(stride, padding, x.shape().dim(1), x.shape().dim(2)).apply(cotangents[0], w),
            Cast.cast(
                    new Conv2dGradFilter(
                                    stride, padding, w.shape().dim(1), w.shape().dim(2))
                            .apply(x, cotangents[0]),
                    w.dtype())
        };
    }

    @Override
    public long flops(Node node) {
        Shape w = node.input(1).shape();
        return 2 * node.type(0).shape().size() * w.dim(1) * w.dim(2) * w.dim(3);
    }
}
