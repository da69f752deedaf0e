package io.eider.models.resnet;

import io.eider.engine.graph.Tensor;
import io.eider.models.nn.Activation;
import io.eider.models.nn.BatchNormalisation;
import io.eider.models.nn.Convolution;
import io.eider.models.nn.Declaration;
import io.eider.models.nn.GlobalAveragePool;
import io.eider.models.nn.Linear;
import io.eider.models.nn.Mode;
import io.eider.models.nn.Network;
import io.eider.models.nn.NormalisedLinear;
import io.eider.models.nn.Params;
import io.eider.models.nn.State;
import java.util.ArrayList;
import java.util.List;

/**
 * The residual network for 32×32 images of He et al. 2016, section 4.2: a 3×3 stem, three stages of n basic blocks with
 * 16, 32 and 64 channels, parameter-free shortcuts, global average pool, classifier. Images (N, H, W, 3) to logits
 * (N, classes); ResNet-32 has 464,154 parameters for 10 classes.
 *
 * @param depth 6n + 2: 8, 20, 32, 44, 56, 110
 * @param classes columns of the logits
 * @param head what the classifier is
 */
public record CifarResnet(int depth, int classes, Head head) implements Network {
    private static final int IMAGE_CHANNELS = 3;
    private static final int STEM_CHANNELS = 16;
    private static final int FEATURES = 64;
    private static final int STAGES = 3;

    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if the depth is not 6n + 2 with n ≥ 1, or there is no class
     */
    public CifarResnet {
        if (depth < 8 || (depth - 2) % 6 != 0) {
            throw new IllegalArgumentException("depth " + depth + " is not 6n + 2; use 8, 20, 32, 44, 56 or 110");
        }
        if (classes < 1) {
            throw new IllegalArgumentException("a classifier needs at least one class, got " + classes);
        }
    }

    /** Creates the network with the linear classifier. */
    public CifarResnet(int depth, int classes) {
        this(depth, classes, Head.LINEAR);
    }

    @Override
    public Output apply(Params params, State state, Tensor x, Mode mode) {
        Activation h = stemNorm().apply(params, state, stem().apply(params, x), mode);
        for (BasicBlock block : blocks()) {
            h = block.apply(params, h.state(), h.value(), mode);
        }
        Tensor features = GlobalAveragePool.pool(h.value());
        Tensor logits = switch (head) {
            case LINEAR -> linear().apply(params, features);
            case NORMALISED -> normalised().apply(params, features);
        };
        return new Output(logits, h.state());
    }

    @Override
    public List<Declaration> parameters() {
        List<Declaration> parameters = new ArrayList<>();
        parameters.add(stem().parameter());
        parameters.addAll(stemNorm().parameters());
        blocks().forEach(block -> parameters.addAll(block.parameters()));
        parameters.addAll(
                switch (head) {
                    case LINEAR -> linear().parameters();
                    case NORMALISED -> normalised().parameters();
                });
        return List.copyOf(parameters);
    }

    @Override
    public List<Declaration> statistics() {
        List<Declaration> statistics = new ArrayList<>(stemNorm().statistics());
        blocks().forEach(block -> statistics.addAll(block.statistics()));
        return List.copyOf(statistics);
    }

    private static Convolution stem() {
        return new Convolution("conv1", STEM_CHANNELS, IMAGE_CHANNELS, 3, 1);
    }

    private static BatchNormalisation stemNorm() {
        return new BatchNormalisation("bn1", STEM_CHANNELS, true);
    }

    private List<BasicBlock> blocks() {
        List<BasicBlock> blocks = new ArrayList<>();
        int channels = STEM_CHANNELS;
        for (int stage = 1; stage <= STAGES; stage++) {
            int outputs = STEM_CHANNELS << (stage - 1);
            for (int i = 0; i < (depth - 2) / 6; i++) {
                blocks.add(new BasicBlock("layer" + stage + "." + i, outputs, channels, outputs == channels ? 1 : 2));
                channels = outputs;
            }
        }
        return blocks;
    }

    private Linear linear() {
        return new Linear("linear", classes, FEATURES);
    }

    private NormalisedLinear normalised() {
        return new NormalisedLinear("linear", classes, FEATURES);
    }
}
