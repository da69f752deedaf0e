package io.eider.engine.program;

import io.eider.engine.graph.DType;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.fused.BatchNorm;
import io.eider.engine.op.fused.BatchNormGradient;
import io.eider.engine.op.fused.BatchNormTangent;
import io.eider.engine.op.fused.ChannelAffine;
import io.eider.engine.op.primitive.Add;
import io.eider.engine.op.primitive.Broadcast;
import io.eider.engine.op.primitive.Cast;
import io.eider.engine.op.primitive.Conv2d;
import io.eider.engine.op.primitive.Conv2dGradFilter;
import io.eider.engine.op.primitive.Conv2dGradInput;
import io.eider.engine.op.primitive.MaxPool;
import io.eider.engine.op.primitive.Pad;
import io.eider.engine.op.primitive.PickInWindow;
import io.eider.engine.op.primitive.PlaceInWindow;
import io.eider.engine.op.primitive.Reshape;
import io.eider.engine.op.primitive.Slice;
import io.eider.engine.op.primitive.Sum;
import io.eider.engine.op.primitive.Transpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Keeps images in bf16. Convolutions and their adjoints read bf16, so that filters are rounded once a step, from f32; the
 * images they make are bf16, filter gradients are f32. What normalises, adds, moves, pools or sums such an image reads it
 * in bf16 and makes bf16 of it, but sums and what there is one of a channel are f32. Every other op reads f32 and makes
 * f32.
 *
 * <p>Each result is given the declared type by a cast; the next op that wants bf16 takes it from before that cast, so a
 * cast runs only where bf16 and f32 meet.
 */
final class MixedPrecision implements Pass {
    private static final Set<Class<? extends Op>> CONVOLUTIONS =
            Set.of(Conv2d.class, Conv2dGradInput.class, Conv2dGradFilter.class);
    private static final Set<Class<? extends Op>> NORMALISATIONS =
            Set.of(BatchNorm.class, BatchNormGradient.class, BatchNormTangent.class, ChannelAffine.class);
    private static final Set<Class<? extends Op>> MOVEMENTS =
            Set.of(Broadcast.class, Pad.class, Reshape.class, Slice.class, Transpose.class);
    private static final Set<Class<? extends Op>> POOLINGS =
            Set.of(MaxPool.class, PickInWindow.class, PlaceInWindow.class);
    private static final Set<Class<? extends Op>> REDUCTIONS = Set.of(Add.class, Sum.class);

    @Override
    public Graph apply(Graph graph) {
        return Rewriter.rewrite(graph, MixedPrecision::rewrite);
    }

    private static Tensor[] rewrite(Node node, List<Tensor> inputs) {
        List<Tensor> operands = readsImages(node.op(), inputs) ? narrowed(node, inputs) : inputs;
        Tensor[] outputs = new Node(node.op(), operands).outputs();
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = Cast.cast(outputs[i], node.type(i).dtype());
        }
        return outputs;
    }

    private static boolean readsImages(Op op, List<Tensor> inputs) {
        Class<? extends Op> type = op.getClass();
        boolean takesImages =
                Stream.of(NORMALISATIONS, MOVEMENTS, POOLINGS, REDUCTIONS).anyMatch(ops -> ops.contains(type));
        return CONVOLUTIONS.contains(type) || takesImages && inputs.stream().anyMatch(MixedPrecision::isImage);
    }

    /** Returns whether a tensor was bf16 before it was given its declared type. */
    private static boolean isImage(Tensor tensor) {
        return tensor.node().op() instanceof Cast && tensor.node().input(0).dtype() == DType.BF16;
    }

    private static List<Tensor> narrowed(Node node, List<Tensor> inputs) {
        boolean perChannel = NORMALISATIONS.contains(node.op().getClass());
        List<Tensor> operands = new ArrayList<>();
        for (Tensor input : inputs) {
            boolean ofAChannel =
                    perChannel && input.shape().rank() < inputs.get(0).shape().rank();
            operands.add(ofAChannel || !input.dtype().isFloating() ? input : narrow(input));
        }
        return operands;
    }

    /** Returns a tensor in bf16; one that only repeats or reshapes another is made again from that one, narrowed. */
    private static Tensor narrow(Tensor tensor) {
        Node node = tensor.node();
        return node.op() instanceof Broadcast || node.op() instanceof Reshape
                ? node.op().apply(narrow(node.input(0)))
                : Cast.cast(tensor, DType.BF16);
    }
}
