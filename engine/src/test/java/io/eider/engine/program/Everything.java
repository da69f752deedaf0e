package io.eider.engine.program;

import io.eider.engine.backend.Buffer;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.Executable;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Variable;

/** A device that says it has every kernel. */
record Everything() implements Device {
    @Override
    public String name() {
        return "everything";
    }

    @Override
    public String description() {
        return "everything";
    }

    @Override
    public boolean supports(Node node) {
        return true;
    }

    @Override
    public Buffer variable(Variable variable) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Executable load(Graph graph) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
