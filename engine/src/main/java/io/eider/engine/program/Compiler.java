package io.eider.engine.program;

import io.eider.engine.backend.Device;
import io.eider.engine.graph.Graph;
import java.util.ArrayList;
import java.util.List;

/** The passes, in order. Nodes that no result needs are never visited, so there is no pass for dead code. */
final class Compiler {
    private Compiler() {}

    static Graph compile(Graph graph, Device device, ProgramOptions options) {
        List<Pass> passes = new ArrayList<>(List.of(
                new FoldConstants(),
                new FuseMetaGradient(device),
                new FuseScaledSums(device),
                new FuseSgd(device),
                new FuseAverages(device)));
        if (options.precision() == Precision.BF16) {
            passes.add(new MixedPrecision());
        }
        // Decompositions come after it, so that they round where the fused kernels do.
        passes.addAll(List.of(
                new DecomposeUnsupported(device),
                new FoldConstants(),
                new MergeCommon(),
                new FuseConvolutionPlus(device)));
        if (options.recompute()) {
            passes.add(new RecomputeBatchNorms());
        }
        Graph current = graph;
        for (Pass pass : passes) {
            current = pass.apply(current);
        }
        return current;
    }
}
