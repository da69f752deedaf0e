package io.eider.engine.op;

import static io.eider.engine.op.Draw.normal;
import static io.eider.engine.op.OpCase.op;

import io.eider.engine.graph.Shape;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.fused.ConvolutionPlus;
import io.eider.engine.op.primitive.Conv2d;
import io.eider.engine.op.primitive.Conv2dGradFilter;
import io.eider.engine.op.primitive.Conv2dGradInput;
import java.util.List;
import java.util.stream.Stream;

/** One geometry, and its row for the convolution and for each of the two adjoints. */
record ConvolutionCase(int batch, int height, int width, int in, int out, int filter, int stride, int padding) {
    private static final String SUM = "a sum of products over window and channels, or over images and places";

    static Stream<ConvolutionCase> all() {
        return Stream.of(
                new ConvolutionCase(1, 5, 5, 1, 1, 1, 1, 0),
                new ConvolutionCase(2, 7, 5, 3, 16, 3, 1, 1),
                new ConvolutionCase(7, 5, 5, 3, 4, 3, 2, 1),
                new ConvolutionCase(1, 5, 3, 16, 17, 3, 1, 1),
                new ConvolutionCase(2, 5, 5, 17, 16, 1, 2, 0),
                new ConvolutionCase(1, 3, 3, 1, 17, 3, 1, 0),
                new ConvolutionCase(2, 4, 5, 3, 2, 1, 1, 1),
                // The last row and column of the image lie in no window.
                new ConvolutionCase(2, 6, 8, 3, 2, 3, 2, 0),
                // Channels in sixteens, 3x3, stride 1, padding 1: what the cpu backend does by Winograd's algorithm.
                new ConvolutionCase(2, 7, 4, 16, 32, 3, 1, 1),
                new ConvolutionCase(1, 2, 9, 48, 16, 3, 1, 1),
                // In bf16, what it does on tiles, two images side by side and pairs of pixels, or by products of pairs.
                new ConvolutionCase(3, 3, 8, 32, 64, 3, 1, 1),
                new ConvolutionCase(1, 3, 32, 16, 16, 3, 1, 1),
                // In bf16, filter gradients that it makes by products of pairs with a stride too.
                new ConvolutionCase(2, 5, 7, 16, 32, 3, 2, 1),
                new ConvolutionCase(3, 6, 8, 32, 16, 3, 2, 1),
                // The first layer of a ResNet-50.
                new ConvolutionCase(1, 9, 8, 3, 5, 7, 2, 3));
    }

    OpCase forward() {
        return op(new Conv2d(stride, padding))
                .in(normal(batch, height, width, in), normal(out, filter, filter, in))
                .tolerance(4, (long) filter * filter * in, SUM)
                .rejects(TensorType.f32(batch, height, width, in), TensorType.f32(out, filter, filter, in + 1))
                .rejects(TensorType.f32(batch, height, width, in), TensorType.f32(out, 40, filter, in));
    }

    OpCase gradInput() {
        return op(new Conv2dGradInput(stride, padding, height, width))
                .in(result(), normal(out, filter, filter, in))
                .tolerance(4, (long) filter * filter * out, SUM);
    }

    OpCase forwardPlus() {
        return op(new ConvolutionPlus(new Conv2d(stride, padding)))
                .in(normal(batch, height, width, in), normal(out, filter, filter, in), result())
                .tolerance(4, (long) filter * filter * in, SUM)
                .rejects(
                        TensorType.f32(batch, height, width, in),
                        TensorType.f32(out, filter, filter, in),
                        TensorType.f32(batch + 1, height, width, out))
                .rejects(TensorType.f32(batch, height, width, in), TensorType.f32(out, filter, filter, in));
    }

    OpCase gradInputPlus() {
        return op(new ConvolutionPlus(new Conv2dGradInput(stride, padding, height, width)))
                .in(result(), normal(out, filter, filter, in), normal(batch, height, width, in))
                .tolerance(4, (long) filter * filter * out, SUM);
    }

    OpCase gradFilter() {
        return op(new Conv2dGradFilter(stride, padding, filter, filter))
                .in(normal(batch, height, width, in), result())
                .tolerance(4, result().type().shape().size() / out, SUM);
    }

    private Draw result() {
        Shape shape = new Conv2d(stride, padding).infer(forwardTypes()).get(0).shape();
        return normal(shape.dims());
    }

    private List<TensorType> forwardTypes() {
        return List.of(TensorType.f32(batch, height, width, in), TensorType.f32(out, filter, filter, in));
    }
}
