package io.eider.models.nn;

import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.primitive.Conv2d;

/**
 * Convolution without bias, padded so that stride 1 keeps the extents: (N, H, W, inputs) to
 * (N, ⌈H/stride⌉, ⌈W/stride⌉, outputs). Its one parameter is {@code <name>.weight}, filters (O, H, W, I), Kaiming-normal.
 *
 * @param name prefix of the parameter
 * @param outputs channels of the result
 * @param inputs channels of the image
 * @param size rows and columns of a filter, odd
 * @param stride distance between windows, both axes
 */
public record Convolution(String name, int outputs, int inputs, int size, int stride) {
    /** Returns the filters. */
    public Declaration parameter() {
        return new Declaration(
                name + ".weight",
                TensorType.f32(outputs, size, size, inputs),
                Initialiser.kaimingNormal(size * size * inputs));
    }

    /**
     * Applies the layer.
     *
     * @throws io.eider.engine.graph.ShapeException if x is not (N, H, W, inputs)
     */
    public Tensor apply(Params params, Tensor x) {
        return Conv2d.conv2d(x, params.get(name + ".weight"), stride, (size - 1) / 2);
    }
}
