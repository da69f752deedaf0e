package io.eider.engine.backend.cuda;

import io.eider.engine.backend.DeviceMemoryException;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.engine.backend.planned.Address;
import io.eider.engine.backend.planned.Block;
import io.eider.engine.backend.planned.Cleanup;
import io.eider.engine.graph.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
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

    /** What is to be run, under which arithmetic, and the scratch memory that it needs. */
    record Choice(int algorithm, int mathType, long workspaceBytes) {}

    private record Asked(Direction direction, ConvolutionShape shape) {}

    private final CudaContext context;
    private final boolean timedSearch;
    private final Map<Asked, Choice> chosen = new HashMap<>();

    Algorithms(CudaContext context, boolean timedSearch) {
        this.context = context;
        this.timedSearch = timedSearch;
    }

    /**
     * Returns the algorithm for a convolution, whose descriptors are left with its arithmetic.
     *
     * @throws DeviceUnavailableException if there is none
     * @throws DeviceMemoryException if there is none for want of scratch memory
     */
    Choice of(Direction direction, ConvolutionDescriptors descriptors) {
        Choice choice = chosen.computeIfAbsent(
                new Asked(direction, descriptors.shape()), asked -> choose(direction, descriptors));
        descriptors.use(choice.mathType());
        return choice;
    }

    /**
     * Checks what a run of a chosen algorithm returned.
     *
     * @throws DeviceUnavailableException if cuDNN refuses the algorithm, which only a trial can show beforehand
     * @throws DeviceMemoryException if there was no memory for what it does
     * @throws CudaException if it failed otherwise
     */
    void check(Direction direction, int algorithm, int status) {
        try {
            Check.cudnn(direction.function(), status);
        } catch (DeviceUnavailableException e) {
            throw new DeviceUnavailableException(
                    "algorithm " + algorithm + " of " + e.getMessage()
                            + (timedSearch ? "" : "; --timed-search tries algorithms before it chooses one"),
                    e);
        }
    }

    private Choice choose(Direction direction, ConvolutionDescriptors descriptors) {
        List<Direction.Algorithm> offered = direction.proposals(context.dnn(), descriptors);
        if (timedSearch) {
            offered = timed(direction, descriptors, offered);
        }
        boolean largeOnes = false;
        for (Direction.Algorithm algorithm : faithful(offered, descriptors)) {
            OptionalLong bytes = workspace(direction, descriptors, algorithm);
            if (bytes.isPresent() && bytes.getAsLong() <= MOST_WORKSPACE) {
                return new Choice(algorithm.number(), algorithm.mathType(), bytes.getAsLong());
            }
            largeOnes |= bytes.isPresent();
        }
        String what = direction.function() + " of " + descriptors.shape() + " has no deterministic algorithm";
        if (largeOnes) {
            throw new DeviceMemoryException(
                    what + " that is content with " + MOST_WORKSPACE + " bytes of scratch memory; use a smaller batch");
        }
        throw new DeviceUnavailableException(
                what + " in cuDNN " + cudnn.cudnnGetVersion() + ", which offers " + offered);
    }

    private static List<Direction.Algorithm> faithful(
            List<Direction.Algorithm> offered, ConvolutionDescriptors descriptors) {
        return offered.stream()
                .filter(algorithm -> algorithm.isFaithful(descriptors.shape().factors()))
                .toList();
    }

    /** Returns the scratch memory that an algorithm needs; nothing if it does not run this after all. */
    private OptionalLong workspace(
            Direction direction, ConvolutionDescriptors descriptors, Direction.Algorithm algorithm) {
        descriptors.use(algorithm.mathType());
        try (SizeTPointer bytes = new SizeTPointer(1)) {
            int status = direction.workspace(context.dnn(), descriptors, algorithm.number(), bytes);
            if (Check.isUnsupported(status)) {
                return OptionalLong.empty();
            }
            Check.cudnn("the size of scratch memory for " + direction.function(), status);
            return OptionalLong.of(bytes.get());
        }
    }

    /** Returns the proposals in the order of their times, with as much scratch memory as the hungriest may have. */
    private List<Direction.Algorithm> timed(
            Direction direction, ConvolutionDescriptors descriptors, List<Direction.Algorithm> offered) {
        ConvolutionShape shape = descriptors.shape();
        long scratch = faithful(offered, descriptors).stream()
                .map(algorithm -> workspace(direction, descriptors, algorithm))
                .flatMapToLong(OptionalLong::stream)
                .filter(bytes -> bytes <= MOST_WORKSPACE)
                .max()
                .orElse(0);
        descriptors.use(shape.factors().mathType());
        try (Cleanup cleanup = new Cleanup()) {
            Direction.Trial trial = new Direction.Trial(
                    zeros(shape, shape.x(), cleanup),
                    zeros(shape, shape.w(), cleanup),
                    zeros(shape, shape.y(), cleanup),
                    Address.of(cleanup.keep(context.memory().uninitialised(OWNER, scratch))
                            .address()),
                    scratch);
            return direction.timedProposals(context.dnn(), descriptors, trial);
        }
    }

    private Pointer zeros(ConvolutionShape shape, Shape of, Cleanup cleanup) {
        Block block = context.memory().zeros(OWNER, of.size() * shape.factors().bytes());
        return Address.of(cleanup.keep(block).address());
    }
}
