package io.eider.experiments.train;

import static io.eider.engine.op.fused.CrossEntropy.crossEntropy;
import static io.eider.engine.op.primitive.Input.input;

import io.eider.engine.backend.Device;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.program.Precision;
import io.eider.engine.program.Program;
import io.eider.engine.program.ProgramOptions;
import io.eider.models.nn.Mode;
import io.eider.models.nn.Network;
import io.eider.models.nn.Variables;
import java.util.List;

/** A network with its running statistics, compiled for one batch size: what a test image is classified by. */
public final class Evaluation implements AutoCloseable {
    private final PixelInputs pixels;
    private final Tensor labels;
    private final Tensor logits;
    private final Program program;

    private Evaluation(Device device, Network network, Variables variables, Precision precision, int batch) {
        this.pixels = PixelInputs.of("", batch);
        this.labels = input("labels", TensorType.i32(batch));
        this.logits = network.apply(variables.params(), variables.state(), pixels.images(), Mode.EVAL)
                .logits();
        // Nobody reads the losses, but their kernel refuses scores that are not numbers, and labels that are no class.
        List<Tensor> outputs = List.of(logits, crossEntropy(logits, labels));
        this.program = Program.compile(device, outputs, List.of(), ProgramOptions.of(precision));
    }

    /**
     * Compiles the evaluation of a network as its variables stand at each run.
     *
     * @param precision what it keeps images in
     * @param batch images at a time
     */
    public static Evaluation compile(
            Device device, Network network, Variables variables, Precision precision, int batch) {
        return new Evaluation(device, network, variables, precision, batch);
    }

    /**
     * Takes a batch, also while the one before is being classified.
     *
     * @param bytes unsigned, (batch, 32, 32, 3) row-major
     * @param draws how each image is cropped and flipped, (batch, 3): {@link io.eider.experiments.data.Augmentation}
     * @param classes labels (batch)
     */
    public void upload(byte[] bytes, int[] draws, int[] classes) {
        pixels.set(program, bytes, draws);
        program.set(labels, classes);
        program.upload();
    }

    /** Begins to classify the batch that was taken. */
    public void start() {
        program.start();
    }

    /** Waits until the batch is classified. */
    public void await() {
        program.await();
    }

    /** Copies out the scores of the last run (batch, C). */
    public void logits(float[] target) {
        program.get(logits, target);
    }

    @Override
    public void close() {
        program.close();
    }
}
