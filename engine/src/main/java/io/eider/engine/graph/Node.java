package io.eider.engine.graph;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** One application of an op to tensors. Compared by identity; equal computations are merged only by the compiler. */
public final class Node {
    private static final AtomicLong CREATED = new AtomicLong();

    private final long id = CREATED.getAndIncrement();
    private final Op op;
    private final List<Tensor> inputs;
    private final List<TensorType> types;

    /**
     * Applies an op.
     *
     * @throws ShapeException if the op cannot take these inputs
     */
    public Node(Op op, List<Tensor> inputs) {
        this.op = op;
        this.inputs = List.copyOf(inputs);
        this.types = List.copyOf(op.infer(inputs.stream().map(Tensor::type).toList()));
    }

    /** Returns a number that grows with creation, so that sorting by it puts inputs before their users. */
    public long id() {
        return id;
    }

    /** Returns the op. */
    public Op op() {
        return op;
    }

    /** Returns the inputs. */
    public List<Tensor> inputs() {
        return inputs;
    }

    /** Returns one input. */
    public Tensor input(int index) {
        return inputs.get(index);
    }

    /** Returns the types of the outputs. */
    public List<TensorType> types() {
        return types;
    }

    /** Returns the type of one output. */
    public TensorType type(int index) {
        return types.get(index);
    }

    /** Returns one output. */
    public Tensor output(int index) {
        return new Tensor(this, index);
    }

    /** Returns all outputs, in order. */
    public Tensor[] outputs() {
        Tensor[] outputs = new Tensor[types.size()];
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = output(i);
        }
        return outputs;
    }

    @Override
    public String toString() {
        return op + "#" + id;
    }
}
