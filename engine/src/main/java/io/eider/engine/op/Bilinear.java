package io.eider.engine.op;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;

/** A primitive of two inputs that is linear in each, so that its product rule is itself applied twice. */
public interface Bilinear extends Primitive {
    @Override
    default Tensor[] jvp(Node node, Tensor[] tangents) {
        Tensor left = tangents[0] == null ? null : apply(tangents[0], node.input(1));
        Tensor right = tangents[1] == null ? null : apply(node.input(0), tangents[1]);
        return new Tensor[] {left == null ? right : right == null ? left : left.plus(right)};
    }
}
