package io.eider.models.nn;

import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.primitive.Matmul;
import java.util.List;

/**
 * The affine map z = h Wᵀ + b, (N, inputs) to (N, outputs). Parameters: {@code <name>.weight} W (outputs, inputs),
 * Kaiming-normal; {@code <name>.bias} b (outputs), U(−1/√inputs, 1/√inputs).
 *
 * @param name prefix of the parameters
 * @param outputs columns of the result
 * @param inputs columns of h
 */
public record Linear(String name, int outputs, int inputs) {
    /** Returns W and b. */
    public List<Declaration> parameters() {
        return List.of(
                new Declaration(name + ".weight", TensorType.f32(outputs, inputs), Initialiser.kaimingNormal(inputs)),
                new Declaration(name + ".bias", TensorType.f32(outputs), Initialiser.uniform(1 / Math.sqrt(inputs))));
    }

    /**
     * Applies the layer.
     *
     * @throws io.eider.engine.graph.ShapeException if h is not (N, inputs)
     */
    public Tensor apply(Params params, Tensor h) {
        return new Matmul(false, true).apply(h, params.get(name + ".weight")).plus(params.get(name + ".bias"));
    }
}
