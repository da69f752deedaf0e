package io.eider.engine.op;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;

/** A primitive that is linear in its first input, its only floating one: it is its own tangent rule. */
public interface Linear extends Primitive {
    @Override
    default Tensor[] jvp(Node node, Tensor[] tangents) {
        Tensor[] moved = node.inputs().toArray(Tensor[]::new);
        moved[0] = tangents[0];
        return new Tensor[] {apply(moved)};
    }
}
