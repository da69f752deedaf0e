package io.eider.engine.backend.cuda;

import io.eider.engine.backend.DeviceFailedException;
import io.eider.engine.backend.DeviceMemoryException;
import io.eider.engine.backend.DeviceUnavailableException;
import io.eider.engine.graph.Node;

/** What a step of a run met, told with what was being computed. */
final class StepFailure {
    private StepFailure() {}

    /** Returns a failure of the same type whose message begins with the op and its shapes; other types as they are. */
    static RuntimeException in(Node node, RuntimeException failure) {
        String message = node.op() + " of " + node.inputs() + " to " + node.types() + ": " + failure.getMessage();
        if (failure instanceof CudaException) {
            return new CudaException(message, failure);
        }
        if (failure instanceof DeviceFailedException) {
            return new DeviceFailedException(message, failure);
        }
        if (failure instanceof DeviceMemoryException) {
            return new DeviceMemoryException(message, failure);
        }
        if (failure instanceof DeviceUnavailableException) {
            return new DeviceUnavailableException(message, failure);
        }
        return failure;
    }
}
