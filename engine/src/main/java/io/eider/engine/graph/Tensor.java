package io.eider.engine.graph;

import io.eider.engine.op.primitive.Add;
import io.eider.engine.op.primitive.Broadcast;
import io.eider.engine.op.primitive.Divide;
import io.eider.engine.op.primitive.Fill;
import io.eider.engine.op.primitive.Multiply;
import io.eider.engine.op.primitive.Negate;
import io.eider.engine.op.primitive.Subtract;

/**
 * A value in a graph: one output of a node. Arithmetic aligns shapes at their last axes and repeats missing axes and
 * axes of extent 1. These few operators are the only ops with a method here; every other op is applied by the static
 * function in its own file.
 *
 * @param node the application that computes it
 * @param index which of its outputs
 */
public record Tensor(Node node, int index) {
    /** Returns element type and shape. */
    public TensorType type() {
        return node.type(index);
    }

    /** Returns the extents. */
    public Shape shape() {
        return type().shape();
    }

    /** Returns the element type. */
    public DType dtype() {
        return type().dtype();
    }

    /** Returns {@code this + other}. */
    public Tensor plus(Tensor other) {
        Shape shape = Broadcast.common(this, other);
        return new Add().apply(Broadcast.broadcast(this, shape), Broadcast.broadcast(other, shape));
    }

    /** Returns {@code this − other}. */
    public Tensor minus(Tensor other) {
        Shape shape = Broadcast.common(this, other);
        return new Subtract().apply(Broadcast.broadcast(this, shape), Broadcast.broadcast(other, shape));
    }

    /** Returns {@code this · other}, elementwise. */
    public Tensor times(Tensor other) {
        Shape shape = Broadcast.common(this, other);
        return new Multiply().apply(Broadcast.broadcast(this, shape), Broadcast.broadcast(other, shape));
    }

    /** Returns {@code factor · this}. */
    public Tensor times(double factor) {
        return times(Fill.fill(factor, type()));
    }

    /** Returns {@code this + addend}. */
    public Tensor plus(double addend) {
        return plus(Fill.fill(addend, type()));
    }

    /** Returns {@code this / other}, elementwise. */
    public Tensor dividedBy(Tensor other) {
        Shape shape = Broadcast.common(this, other);
        return new Divide().apply(Broadcast.broadcast(this, shape), Broadcast.broadcast(other, shape));
    }

    /** Returns {@code −this}. */
    public Tensor negate() {
        return new Negate().apply(this);
    }

    @Override
    public String toString() {
        return node + "." + index + ":" + type();
    }
}
