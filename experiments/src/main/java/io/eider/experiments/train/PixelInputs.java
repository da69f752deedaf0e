package io.eider.experiments.train;

import static io.eider.engine.op.primitive.Input.input;

import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.primitive.Augment;
import io.eider.engine.program.Program;
import io.eider.experiments.data.Augmentation;
import io.eider.experiments.data.ImageSet;
import io.eider.experiments.data.Normalisation;

/**
 * The inputs of a graph that hold images as a data set does.
 *
 * @param pixels u8 (n, 32, 32, 3)
 * @param draws i32 (n, 3): {@link Augmentation}
 */
record PixelInputs(Tensor pixels, Tensor draws) {
    /**
     * Creates the inputs.
     *
     * @param label prefix of their names
     * @param n images in the batch
     */
    static PixelInputs of(String label, int n) {
        return new PixelInputs(
                input(label + "pixels", TensorType.u8(n, ImageSet.SIDE, ImageSet.SIDE, ImageSet.CHANNELS)),
                input(label + "draws", TensorType.i32(n, Augmentation.DRAWS)));
    }

    /** Returns the images that they are: cropped, flipped and normalised, f32 (n, 32, 32, 3). */
    Tensor images() {
        return new Augment(Augmentation.PAD, Normalisation.MEAN, Normalisation.DEVIATION).apply(pixels, draws);
    }

    /** Sets both, row-major. */
    void set(Program program, byte[] bytes, int[] windows) {
        program.set(pixels, bytes);
        program.set(draws, windows);
    }
}
