package io.eider.peers.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The plain training step of ResNet for CIFAR in DJL with its PyTorch engine: cross-entropy, Nesterov momentum, weight
 * decay. Usage: {@code java -jar djl-peer.jar djl-plain FOLDER THREADS}, where the folder holds {@code weights.safetensors}
 * and {@code batch.safetensors}. It answers {@code reset} and {@code run} on standard input, as pytorch_steps.py does.
 */
public final class DjlSteps {
    private static final float BATCH_NORM_MOMENTUM = 0.9f;
    private static final float BATCH_NORM_EPSILON = 1e-5f;

    private final Map<String, NDArray> initial;
    private final Map<String, NDArray> net = new LinkedHashMap<>();
    private final Map<String, NDArray> momenta = new LinkedHashMap<>();
    private final Map<String, String> numbers;
    private final float learningRate;
    private final float keep;
    private final float weightDecay;
    private final NDArray x;
    private final NDList y;

    private DjlSteps(Path folder, NDManager manager) throws IOException {
        initial = SafetensorsFile.read(folder.resolve("weights.safetensors"), manager).tensors();
        initial.keySet().removeIf(name -> name.startsWith("momentum/"));
        initial.forEach((name, value) -> {
            NDArray copy = value.duplicate();
            if (!name.contains(".running_")) {
                copy.setRequiresGradient(true);
                momenta.put(name, value.zerosLike());
            }
            net.put(name, copy);
        });
        SafetensorsFile batch = SafetensorsFile.read(folder.resolve("batch.safetensors"), manager);
        numbers = batch.metadata();
        learningRate = number("learning_rate");
        keep = number("momentum");
        weightDecay = number("weight_decay");
        x = batch.tensors().get("x").transpose(0, 3, 1, 2).duplicate();
        y = new NDList(batch.tensors().get("y"));
    }

    public static void main(String[] arguments) throws IOException {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("ai.djl.pytorch.num_threads", arguments[2]);
        System.setProperty("DJL_CACHE_DIR", cache());
        Engine engine = Engine.getEngine("PyTorch");
        try (NDManager manager = engine.newBaseManager()) {
            DjlSteps steps = new DjlSteps(Path.of(arguments[1]), manager);
            steps.reset();
            System.out.println("about DJL " + Engine.getDjlVersion() + ", PyTorch " + engine.getVersion() + ", threads: "
                    + arguments[2]);
            System.out.println("ready");
            BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = requests.readLine(); line != null; line = requests.readLine()) {
                System.out.println(line.equals("reset") ? steps.reset() : steps.run());
            }
        }
    }

    private static String cache() {
        try {
            Path jar = Path.of(DjlSteps.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return jar.resolveSibling("native").toString();
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private String reset() {
        net.forEach((name, value) -> initial.get(name).copyTo(value));
        momenta.values().forEach(momentum -> momentum.muli(0));
        return "ok";
    }

    private String run() {
        long start = System.nanoTime();
        float loss;
        try (NDScope scope = new NDScope()) {
            try (GradientCollector collector = x.getManager().getEngine().newGradientCollector()) {
                NDArray mean = Loss.softmaxCrossEntropyLoss().evaluate(y, new NDList(logits()));
                collector.backward(mean);
                loss = mean.getFloat();
            }
            for (String name : momenta.keySet()) {
                update(net.get(name), momenta.get(name));
            }
        }
        return "ran " + (System.nanoTime() - start) * 1e-6 + " " + loss;
    }

    /** Nesterov momentum in array operations: DJL's optimizer for it, Nag, refuses to run on the PyTorch engine. */
    private void update(NDArray parameter, NDArray momentum) {
        NDArray accumulated = parameter.getGradient();
        NDArray gradient = accumulated.add(parameter.mul(weightDecay));
        accumulated.muli(0);
        momentum.muli(keep).addi(gradient);
        parameter.subi(gradient.addi(momentum.mul(keep)).muli(learningRate));
    }

    private NDArray logits() {
        NDArray h = Activation.relu(norm("bn1", conv("conv1", x, 1)));
        int blocks = (Integer.parseInt(numbers.get("depth")) - 2) / 6;
        for (int stage = 1; stage <= 3; stage++) {
            for (int block = 0; block < blocks; block++) {
                h = block("layer" + stage + "." + block + ".", h, stage > 1 && block == 0 ? 2 : 1);
            }
        }
        NDArray features = Pool.globalAvgPool2d(h);
        return Linear.linear(features, net.get("linear.weight"), net.get("linear.bias")).singletonOrThrow();
    }

    private NDArray block(String name, NDArray x, int stride) {
        NDArray h = Activation.relu(norm(name + "bn1", conv(name + "conv1", x, stride)));
        h = norm(name + "bn2", conv(name + "conv2", h, 1));
        NDArray shortcut = x;
        if (stride == 2) {
            NDArray taken = x.get(":, :, ::2, ::2");
            NDArray zeros = taken.get(":, :" + taken.getShape().get(1) / 2).zerosLike();
            shortcut = zeros.concat(taken, 1).concat(zeros, 1);
        }
        return Activation.relu(h.add(shortcut));
    }

    private NDArray conv(String name, NDArray x, int stride) {
        return Conv2d.conv2d(x, net.get(name + ".weight"), null, new Shape(stride, stride), new Shape(1, 1))
                .singletonOrThrow();
    }

    private NDArray norm(String name, NDArray x) {
        return BatchNorm.batchNorm(
                        x,
                        net.get(name + ".running_mean"),
                        net.get(name + ".running_var"),
                        net.get(name + ".weight"),
                        net.get(name + ".bias"),
                        1,
                        BATCH_NORM_MOMENTUM,
                        BATCH_NORM_EPSILON,
                        true)
                .singletonOrThrow();
    }

    private float number(String name) {
        return Float.parseFloat(numbers.get(name));
    }
}
