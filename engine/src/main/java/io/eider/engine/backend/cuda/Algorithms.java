package io.eider.engine.backend.cuda;

import io.eider.engine.backend.planned.Address;
import io.eider.engine.backend.planned.Block;
import io.eider.engine.backend.planned.Cleanup;
import io.eider.engine.graph.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.global.cudnn;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * Which of cuDNN's algorithms runs which convolution: the first, by cuDNN's heuristic or by a search that times them, that
 * gives the same bits each time, takes factors for what they are, and is content with {@link #MOST_WORKSPACE}. Kept for
 * each shape, so that layers alike compute alike.
 */
final class Algorithms {
    /** More would be taken from what a batch can have, for one operation among hundreds. */
    private static final long MOST_WORKSPACE = 1L << 30;

    private static final String OWNER = "the search for a convolution's algorithm";

    /** What is to be run, and the scratch memory that it needs. */
    record Choice(int algorithm, long workspaceBytes) {}

    private record Asked(Direction direction, ConvolutionShape shape) {}

    private final CudaContext context;
    private final boolean timedSearch;
    private final Map<Asked, Choice> chosen = new HashMap<>();

    Algorithms(CudaContext context, boolean timedSearch) {
        this.context = context;
        this.timedSearch = timedSearch;
    }

    /**
     * Returns the algorithm for a convolution.
     *
     * @throws CudaException if there is none
     */
    Choice of(Direction direction, ConvolutionDescriptors descriptors) {
        return chosen.computeIfAbsent(
                new Asked(direction, descriptors.shape()), asked -> choose(direction, descriptors));
    }

    private Choice choose(Direction direction, ConvolutionDescriptors descriptors) {
        List<Direction.Algorithm> offered =
                timedSearch ? timed(direction, descriptors) : direction.proposals(context.dnn(), descriptors, null);
        Factors factors = descriptors.shape().factors();
        List<String> refused = new ArrayList<>();
        try (SizeTPointer bytes = new SizeTPointer(1)) {
            for (Direction.Algorithm algorithm : offered) {
                if (!algorithm.isFaithful(factors)) {
                    refused.add(algorithm.toString());
                    continue;
                }
                int status = direction.workspace(context.dnn(), descriptors, algorithm.number(), bytes);
                if (status == cudnn.CUDNN_STATUS_NOT_SUPPORTED) {
                    refused.add(algorithm + ", which is not supported after all");
                    continue;
                }
                Check.cudnn("the size of scratch memory for " + direction.function(), status);
                if (bytes.get() <= MOST_WORKSPACE) {
                    return new Choice(algorithm.number(), bytes.get());
                }
                refused.add(algorithm + " with " + bytes.get() + " bytes of scratch memory");
            }
        }
        throw new CudaException(
                "the choice of an algorithm for " + direction.function(),
                "cuDNN has none for these shapes that is deterministic, in " + factors + ", and in " + MOST_WORKSPACE
                        + " bytes of scratch memory; it offers " + refused);
    }

    private List<Direction.Algorithm> timed(Direction direction, ConvolutionDescriptors descriptors) {
        ConvolutionShape shape = descriptors.shape();
        try (Cleanup cleanup = new Cleanup()) {
            Direction.Trial trial = new Direction.Trial(
                    zeros(shape, shape.x(), cleanup),
                    zeros(shape, shape.w(), cleanup),
                    zeros(shape, shape.y(), cleanup),
                    kept(context.memory().uninitialised(OWNER, MOST_WORKSPACE), cleanup),
                    MOST_WORKSPACE);
            return direction.proposals(context.dnn(), descriptors, trial);
        }
    }

    private Pointer zeros(ConvolutionShape shape, Shape of, Cleanup cleanup) {
        return kept(context.memory().zeros(OWNER, of.size() * shape.factors().bytes()), cleanup);
    }

    private static Pointer kept(Block block, Cleanup cleanup) {
        cleanup.add(block::close);
        return Address.of(block.address());
    }
}
