package io.eider.engine.backend.cuda;

import io.eider.engine.backend.planned.Cleanup;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.global.cudart;

/** The work of one run as a CUDA graph: asked for once, launched any number of times. */
final class CapturedGraph implements AutoCloseable {
    private final CudaContext context;
    private CUgraphExec_st executable;

    CapturedGraph(CudaContext context) {
        this.context = context;
    }

    /** Returns whether there is something to launch. */
    boolean isThere() {
        return executable != null;
    }

    /** Records what is asked of the context's stream meanwhile; none of it runs. */
    void capture(Runnable work) {
        Check.cuda(
                "cudaStreamBeginCapture",
                cudart.cudaStreamBeginCapture(context.stream(), cudart.cudaStreamCaptureModeThreadLocal));
        CUgraph_st graph = new CUgraph_st();
        boolean recorded = false;
        try {
            work.run();
            recorded = true;
        } finally {
            int error = cudart.cudaStreamEndCapture(context.stream(), graph);
            if (recorded) {
                Check.cuda("cudaStreamEndCapture", error);
            } else if (!graph.isNull()) {
                cudart.cudaGraphDestroy(graph);
            }
        }
        instantiate(graph);
    }

    private void instantiate(CUgraph_st graph) {
        try (Cleanup cleanup = new Cleanup()) {
            cleanup.add(() -> Check.cuda("cudaGraphDestroy", cudart.cudaGraphDestroy(graph)));
            CUgraphExec_st created = new CUgraphExec_st();
            Check.cuda("cudaGraphInstantiate", cudart.cudaGraphInstantiate(created, graph, 0));
            executable = created;
        }
    }

    /** Asks for a run. */
    void launch() {
        Check.cuda("cudaGraphLaunch", cudart.cudaGraphLaunch(executable, context.stream()));
    }

    /** Forgets what was recorded. */
    @Override
    public void close() {
        if (executable != null) {
            CUgraphExec_st old = executable;
            executable = null;
            Check.cuda("cudaGraphExecDestroy", cudart.cudaGraphExecDestroy(old));
        }
    }
}
