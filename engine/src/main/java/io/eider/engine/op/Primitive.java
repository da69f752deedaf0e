package io.eider.engine.op;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Op;

/** An op defined by plain Java. Every backend but the reference needs a kernel for it. */
public interface Primitive extends Op {
    /**
     * The definition: the textbook formula in 64-bit arithmetic, elements in row-major order. Integers are exact
     * doubles.
     *
     * @param node the application; gives types
     * @param inputs one array an input; not to be changed
     * @param outputs one zero-filled array an output, to be filled
     */
    void reference(Node node, double[][] inputs, double[][] outputs);
}
