package io.eider.engine.backend.reference;

import io.eider.engine.backend.Buffer;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.Executable;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Variable;
import io.eider.engine.op.Primitive;
import java.util.HashMap;
import java.util.Map;

/** Keeps variables as arrays of doubles. */
final class ReferenceDevice implements Device {
    private final Map<Variable, ReferenceBuffer> variables = new HashMap<>();

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public String description() {
        return "reference: plain Java " + Runtime.version() + ", 64-bit, 1 thread";
    }

    @Override
    public boolean supports(Node node) {
        return node.op() instanceof Primitive;
    }

    @Override
    public Buffer variable(Variable variable) {
        return numbers(variable);
    }

    ReferenceBuffer numbers(Variable variable) {
        return variables.computeIfAbsent(variable, key -> new ReferenceBuffer(key.type()));
    }

    @Override
    public Executable load(Graph graph) {
        for (Node node : graph.nodes()) {
            if (!supports(node)) {
                throw new UnsupportedOperationException("the reference backend cannot run " + node.op());
            }
        }
        return new ReferenceExecutable(this, graph);
    }

    @Override
    public void close() {
        variables.clear();
    }
}
