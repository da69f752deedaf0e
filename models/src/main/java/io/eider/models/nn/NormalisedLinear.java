package io.eider.models.nn;

import static io.eider.engine.op.fused.UnitVectors.unitVectors;

import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.primitive.Matmul;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The cosine classifier z_c = ĥ · ŵ_c, (N, inputs) to (N, outputs), where ĥ is h and ŵ_c is column c of W, both scaled to
 * length 1 (a vector shorter than 1e-12 stays as short). No bias. Parameter: {@code <name>.weight} W (inputs, outputs),
 * columns drawn from U(−1, 1) and scaled to length 1. Cao et al. 2019, models/resnet_cifar.py.
 *
 * @param name prefix of the parameter
 * @param outputs columns of the result
 * @param inputs columns of h
 */
public record NormalisedLinear(String name, int outputs, int inputs) {
    /** Returns W. */
    public List<Declaration> parameters() {
        return List.of(
                new Declaration(name + ".weight", TensorType.f32(inputs, outputs), new UnitColumns(inputs, outputs)));
    }

    /**
     * Applies the layer.
     *
     * @throws io.eider.engine.graph.ShapeException if h is not (N, inputs)
     */
    public Tensor apply(Params params, Tensor h) {
        return new Matmul(false, false).apply(unitVectors(h, 1), unitVectors(params.get(name + ".weight"), 0));
    }

    /** Uniform numbers of a matrix (rows, columns), each column then scaled to length 1. */
    private record UnitColumns(int rows, int columns) implements Initialiser {
        @Override
        public double next(RandomGenerator random) {
            return Initialiser.uniform(1).next(random);
        }

        @Override
        public float[] draw(int count, RandomGenerator random) {
            float[] numbers = Initialiser.super.draw(count, random);
            for (int c = 0; c < columns; c++) {
                double square = 0;
                for (int r = 0; r < rows; r++) {
                    square += (double) numbers[r * columns + c] * numbers[r * columns + c];
                }
                for (int r = 0; r < rows; r++) {
                    numbers[r * columns + c] /= (float) StrictMath.sqrt(square);
                }
            }
            return numbers;
        }
    }
}
