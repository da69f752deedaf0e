package io.eider.bench.kernel;

import io.eider.engine.backend.Buffer;
import io.eider.engine.backend.Device;
import io.eider.engine.backend.Executable;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Variable;
import io.eider.engine.op.FusedOp;

/** A device that says it has no fused kernels, so that programs compiled for it run decompositions. */
record Unfused(Device device) implements Device {
    @Override
    public String name() {
        return device.name();
    }

    @Override
    public String description() {
        return device.description() + ", without fused kernels";
    }

    @Override
    public boolean supports(Node node) {
        return !(node.op() instanceof FusedOp) && device.supports(node);
    }

    @Override
    public Buffer variable(Variable variable) {
        return device.variable(variable);
    }

    @Override
    public Executable load(Graph graph) {
        return device.load(graph);
    }

    @Override
    public void close() {
        device.close();
    }
}
