package io.eider.bench.step;

import io.eider.engine.backend.Device;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.engine.backend.Devices;
import io.eider.engine.io.Safetensors;
import io.eider.engine.io.StoredTensor;
import io.eider.engine.program.Precision;
import io.eider.engine.program.ProgramOptions;
import io.eider.experiments.train.ImageForm;
import io.eider.experiments.train.Learner;
import io.eider.experiments.train.TrainingStep;
import io.eider.experiments.weighting.DomainAdaptation;
import io.eider.experiments.weighting.Reduction;
import io.eider.models.checkpoint.Checkpoint;
import io.eider.models.nn.Variables;
import io.eider.models.optim.Sgd;
import io.eider.models.resnet.CifarResnet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** One of our steps as a peer of {@link Compare}; the protocol stands in {@link Peer}. */
final class EiderPeer implements AutoCloseable {
    /** Our rows. */
    private static final Map<String, Form> FORMS = Map.of(
            "eider-plain", new Form(Step.PLAIN, Precision.F32, false),
            "eider-plain-bf16", new Form(Step.PLAIN, Precision.BF16, false),
            "eider-stage2", new Form(Step.STAGE2, Precision.F32, false),
            "eider-stage2-recompute", new Form(Step.STAGE2, Precision.F32, true),
            "eider-stage2-bf16", new Form(Step.STAGE2, Precision.BF16, false),
            "eider-stage2-bf16-recompute", new Form(Step.STAGE2, Precision.BF16, true));

    private final Path weights;
    private final Map<String, String> numbers;
    private final double learningRate;
    private final double eta;
    private final double tau;
    private final Device device;
    private final Variables variables;
    private final TrainingStep step;

    private record Form(Step step, Precision precision, boolean recompute) {
        private ProgramOptions options() {
            return new ProgramOptions(precision, recompute);
        }

        private TrainingStep compile(Learner learner, int batch) {
            return step == Step.PLAIN
                    ? TrainingStep.weighted(learner, ImageForm.NUMBERS, batch)
                    : TrainingStep.domainAdaptation(
                            learner, new DomainAdaptation(Reduction.SUM), ImageForm.NUMBERS, batch, batch);
        }
    }

    private EiderPeer(Form form, Path folder, Device device) throws IOException {
        form.precision().requireOn(device);
        this.device = device;
        weights = folder.resolve(StartingPoint.WEIGHTS);
        Safetensors batch = Safetensors.read(folder.resolve(StartingPoint.BATCH));
        numbers = batch.metadata();
        learningRate = number("learning_rate");
        eta = number("eta");
        tau = number("tau");
        Map<String, StoredTensor> tensors = batch.tensors();
        int[] labels = labels(tensors.get("y"));
        float[] classWeights = tensors.get("class_weights").floats();
        CifarResnet network = new CifarResnet(Integer.parseInt(numbers.get("depth")), classWeights.length);
        variables = new Variables(network);
        Sgd sgd = new Sgd(number("momentum"), number("weight_decay"), true);
        step = form.compile(new Learner(device, network, variables, sgd, form.options()), labels.length);
        float[] weightOf = new float[labels.length];
        for (int i = 0; i < labels.length; i++) {
            weightOf[i] = form.step() == Step.PLAIN ? 1 : classWeights[labels[i]];
        }
        step.batch(tensors.get("x").floats(), labels, weightOf);
        if (form.step() == Step.STAGE2) {
            step.developmentBatch(tensors.get("x_dev").floats(), labels(tensors.get("y_dev")));
        }
    }

    /**
     * Answers standard input until it ends.
     *
     * @param arguments row, folder of the starting point, threads, device
     * @throws IOException if the starting point cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        try (Device device = Devices.open(arguments[3], Integer.parseInt(arguments[2]));
                EiderPeer peer = new EiderPeer(FORMS.get(arguments[0]), Path.of(arguments[1]), device)) {
            System.out.println("about " + device.description());
            System.out.println("arena " + peer.step.arenaBytes());
            System.out.println("ready");
            BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                System.out.println(line.equals("reset") ? peer.reset() : peer.run());
            }
        } catch (DeviceUnavailableException e) {
            System.out.println("unavailable " + e.getMessage());
        }
    }

    private String reset() throws IOException {
        Checkpoint.load(weights, List.of(variables), device);
        return "ok";
    }

    private String run() {
        long start = System.nanoTime();
        step.run(learningRate, eta, tau);
        double loss = step.loss();
        return "ran " + (System.nanoTime() - start) * 1e-6 + " " + loss;
    }

    private double number(String name) {
        return Double.parseDouble(numbers.get(name));
    }

    private static int[] labels(StoredTensor tensor) {
        return Arrays.stream(tensor.longs()).mapToInt(Math::toIntExact).toArray();
    }

    @Override
    public void close() {
        step.close();
    }
}
