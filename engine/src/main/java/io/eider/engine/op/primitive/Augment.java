package io.eider.engine.op.primitive;

import io.eider.engine.graph.DType;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.ShapeException;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.InvalidExampleException;
import io.eider.engine.op.Primitive;
import java.util.List;

/**
 * Images from bytes: of each a window as large as itself within the image padded by reflection, flipped left to right where
 * told, and normalised. Reflection does not repeat the edge (NumPy's and PyTorch's {@code reflect}): column −1 is column 1.
 *
 * <p>pixels are u8 (n, H, W, C); draws are i32 (n, 3), for each image top and left of its window in 0…2 pad and 0 or 1,
 * whether to flip it, so (pad, pad, 0) is the image itself; the result is f32 (n, H, W, C):
 *
 * <pre>y[i, r, c, k] = (pixels[i, reflected(r + top − pad), reflected(c′ + left − pad), k] − mean_k) / deviation_k</pre>
 *
 * with c′ = W − 1 − c where the image is flipped, else c. A value is rounded to 32 bits once, on every backend, so it is
 * the same everywhere. Has no derivatives: its inputs are integers. A draw out of range is an
 * {@link InvalidExampleException} of its image.
 *
 * @param pad pixels on each side, less than H and W
 * @param mean what each channel's bytes are less by, in units of a byte
 * @param deviation what the difference is divided by, in units of a byte
 */
public record Augment(int pad, List<Double> mean, List<Double> deviation) implements Primitive {
    private static final int BYTES = 256;
    private static final int DRAWS = 3;

    /**
     * Creates the op.
     *
     * @throws IllegalArgumentException if there is not one finite mean for each positive, finite deviation, or the padding is negative
     */
    public Augment {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        boolean possible = mean.stream().allMatch(Double::isFinite)
                && deviation.stream().allMatch(value -> value > 0 && Double.isFinite(value));
        if (!possible || mean.size() != deviation.size() || pad < 0) {
            throw new IllegalArgumentException("means " + mean + ", deviations " + deviation + " and a padding of "
                    + pad + ": there is one finite mean for each deviation above 0, and padding is not negative");
        }
    }

    /** Returns what each byte of each channel becomes, (C, 256) row-major. */
    public float[] table() {
        float[] table = new float[mean.size() * BYTES];
        for (int i = 0; i < table.length; i++) {
            int channel = i / BYTES;
            table[i] = (float) ((i % BYTES - mean.get(channel)) / deviation.get(channel));
        }
        return table;
    }

    @Override
    public List<TensorType> infer(List<TensorType> inputs) {
        if (inputs.size() != 2
                || inputs.get(0).dtype() != DType.U8
                || inputs.get(0).shape().rank() != 4
                || inputs.get(1).dtype() != DType.I32
                || !inputs.get(1).shape().equals(Shape.of(inputs.get(0).shape().dim(0), DRAWS))) {
            throw new ShapeException(this, inputs, "it takes u8 images (n, H, W, C) and i32 draws (n, 3)");
        }
        Shape images = inputs.get(0).shape();
        if (images.dim(1) <= pad || images.dim(2) <= pad || images.dim(3) != mean.size()) {
            throw new ShapeException(
                    this, inputs, "images must be larger than the padding, and of " + mean.size() + " channels");
        }
        return List.of(inputs.get(0).withDType(DType.F32));
    }

    @Override
    public void reference(Node node, double[][] inputs, double[][] outputs) {
        Shape shape = node.type(0).shape();
        int height = shape.dim(1);
        int width = shape.dim(2);
        int channels = shape.dim(3);
        float[] table = table();
        int at = 0;
        for (int i = 0; i < shape.dim(0); i++) {
            int top = draw(inputs[1], i, 0, 2 * pad);
            int left = draw(inputs[1], i, 1, 2 * pad);
            boolean flip = draw(inputs[1], i, 2, 1) == 1;
            for (int y = 0; y < height; y++) {
                int row = reflected(y + top - pad, height);
                for (int x = 0; x < width; x++) {
                    int column = reflected((flip ? width - 1 - x : x) + left - pad, width);
                    int from = ((i * height + row) * width + column) * channels;
                    for (int k = 0; k < channels; k++) {
                        outputs[0][at++] = table[k * BYTES + (int) inputs[0][from + k]];
                    }
                }
            }
        }
    }

    @Override
    public Tensor[] vjp(Node node, Tensor[] cotangents) {
        return new Tensor[2];
    }

    @Override
    public Tensor[] jvp(Node node, Tensor[] tangents) {
        return new Tensor[1];
    }

    @Override
    public long flops(Node node) {
        return 0;
    }

    private int draw(double[] draws, int image, int which, int highest) {
        int draw = (int) draws[DRAWS * image + which];
        if (draw < 0 || draw > highest) {
            throw new InvalidExampleException(name(), image, badDraw());
        }
        return draw;
    }

    /** Returns what is wrong with an image whose draw is out of range. */
    public String badDraw() {
        return "has a draw that is not top and left in 0…" + 2 * pad + " and 0 or 1";
    }

    private static int reflected(int at, int size) {
        int inside = Math.abs(at);
        return Math.min(inside, 2 * (size - 1) - inside);
    }
}
