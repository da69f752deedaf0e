package io.eider.engine.backend.cuda;

import io.eider.engine.backend.DeviceFailedException;
import io.eider.engine.graph.Node;

/** A call of CUDA, cuDNN or cuBLAS that failed. */
public final class CudaException extends DeviceFailedException {
    private static final long serialVersionUID = 1;

    /** Creates one from the failed call and the library's own words. */
    CudaException(String call, String text) {
        super(call + " failed: " + text);
    }

    private CudaException(CudaException cause, Node node) {
        super(node.op() + " of " + node.inputs() + " to " + node.types() + ": " + cause.getMessage(), cause);
    }

    /** Returns this failure with what was being computed. */
    CudaException in(Node node) {
        return new CudaException(this, node);
    }
}
