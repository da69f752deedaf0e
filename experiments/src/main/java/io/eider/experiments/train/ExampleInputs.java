package io.eider.experiments.train;

import static io.eider.engine.op.primitive.Input.input;

import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.program.Program;
import java.util.List;
import java.util.Optional;

/**
 * The inputs of a graph that hold one batch: images, labels, and what their loss needs beside them.
 *
 * @param images f32 (n, 32, 32, 3): an input, or made of pixels
 * @param pixels what they are made of, where a data set's images are fed
 * @param labels i32 (n)
 * @param margins m_{y_i} of LDAM (n)
 * @param logPriors of Balanced Softmax (C)
 */
record ExampleInputs(
        Tensor images,
        Optional<PixelInputs> pixels,
        Tensor labels,
        Optional<Tensor> margins,
        Optional<Tensor> logPriors) {
    /**
     * Creates the inputs.
     *
     * @param label prefix of their names
     * @param form how images come in
     * @param n images in the batch
     * @param loss what they are for
     */
    static ExampleInputs of(String label, ImageForm form, int n, ExampleLoss loss) {
        Optional<PixelInputs> pixels =
                form == ImageForm.PIXELS ? Optional.of(PixelInputs.of(label, n)) : Optional.empty();
        return new ExampleInputs(
                pixels.map(PixelInputs::images).orElseGet(() -> input(label + "images", TensorType.f32(n, 32, 32, 3))),
                pixels,
                input(label + "labels", TensorType.i32(n)),
                loss.loss() == Loss.LDAM ? Optional.of(input(label + "margins", TensorType.f32(n))) : Optional.empty(),
                loss.loss() == Loss.BALANCED_SOFTMAX
                        ? Optional.of(input(
                                label + "log priors",
                                TensorType.f32(loss.logPriors().size())))
                        : Optional.empty());
    }

    private static double[] doubles(List<Double> numbers) {
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** A view of these inputs on one program, which allocates nothing when a batch is set. */
    Setter on(Program program, ExampleLoss loss) {
        return new Setter(program, loss);
    }

    /** Puts batches into a program. */
    final class Setter {
        private final Program program;
        private final double[] marginOfClass;
        private final double[] marginOfExample;

        private Setter(Program program, ExampleLoss loss) {
            this.program = program;
            this.marginOfClass = doubles(loss.margins());
            this.marginOfExample = new double[labels.shape().dim(0)];
            logPriors.ifPresent(tensor -> program.set(tensor, doubles(loss.logPriors())));
        }

        /** Sets bytes (n, 32, 32, 3), row-major, their draws (n, 3) and labels (n). */
        void set(byte[] bytes, int[] draws, int[] classes) {
            pixels.orElseThrow(() -> new IllegalStateException("this step takes normalised images, not bytes"))
                    .set(program, bytes, draws);
            setLabels(classes);
        }

        /** Sets normalised images (n, 32, 32, 3), row-major, and their labels (n). */
        void set(float[] numbers, int[] classes) {
            program.set(images, numbers);
            setLabels(classes);
        }

        /** The same with all digits. */
        void set(double[] numbers, int[] classes) {
            program.set(images, numbers);
            setLabels(classes);
        }

        private void setLabels(int[] classes) {
            program.set(labels, classes);
            if (margins.isPresent()) {
                for (int i = 0; i < marginOfExample.length; i++) {
                    // A label that is no class is refused by the loss itself, with the example named.
                    boolean known = classes[i] >= 0 && classes[i] < marginOfClass.length;
                    marginOfExample[i] = known ? marginOfClass[classes[i]] : 0;
                }
                program.set(margins.get(), marginOfExample);
            }
        }
    }
}
