package io.eider.models.resnet;

import io.eider.engine.graph.Tensor;
import io.eider.models.nn.Activation;
import io.eider.models.nn.BatchNormalisation;
import io.eider.models.nn.Convolution;
import io.eider.models.nn.Declaration;
import io.eider.models.nn.Mode;
import io.eider.models.nn.PaddedShortcut;
import io.eider.models.nn.Params;
import io.eider.models.nn.State;
import java.util.List;
import java.util.stream.Stream;

/**
 * Two 3×3 convolutions with batch normalisation around a shortcut: relu(bn2(conv2(relu(bn1(conv1(x))))) + shortcut(x)).
 * The shortcut is x itself, or {@link PaddedShortcut} where the block changes extents. He et al. 2016, figure 2.
 *
 * @param name prefix of all its tensors
 * @param outputs channels of the result
 * @param inputs channels of x
 * @param stride 1, or 2 to halve the extents
 */
record BasicBlock(String name, int outputs, int inputs, int stride) {
    List<Declaration> parameters() {
        return Stream.of(
                        List.of(conv1().parameter()),
                        bn1().parameters(),
                        List.of(conv2().parameter()),
                        bn2().parameters())
                .flatMap(List::stream)
                .toList();
    }

    List<Declaration> statistics() {
        return Stream.concat(bn1().statistics().stream(), bn2().statistics().stream())
                .toList();
    }

    Activation apply(Params params, State state, Tensor x, Mode mode) {
        Activation inner = bn1().apply(params, state, conv1().apply(params, x), mode);
        Tensor shortcut = stride == 1 ? x : PaddedShortcut.shortcut(x, outputs);
        return bn2().apply(params, inner.state(), conv2().apply(params, inner.value()), shortcut, mode);
    }

    private Convolution conv1() {
        return new Convolution(name + ".conv1", outputs, inputs, 3, stride);
    }

    private BatchNormalisation bn1() {
        return new BatchNormalisation(name + ".bn1", outputs, true);
    }

    private Convolution conv2() {
        return new Convolution(name + ".conv2", outputs, outputs, 3, 1);
    }

    private BatchNormalisation bn2() {
        return new BatchNormalisation(name + ".bn2", outputs, true);
    }
}
