package io.eider.engine.op;

import io.eider.engine.graph.DType;
import io.eider.engine.graph.Op;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One application of an op to inputs of known types, and what may be expected of it: a row of {@link OpCases} at one
 * size. {@link OpCheck} derives every check from it.
 *
 * @param op the op
 * @param inputs how each input is drawn
 * @param kind what its derivatives are
 * @param kink from inputs to a tensor that is 0 at the op's kinks; inputs are drawn anew until it is not near 0
 * @param tolerance what 32-bit arithmetic may lose
 * @param rejected further input types that the op must refuse, besides those that {@link OpCheck} makes up
 * @param anyType whether the op moves elements of any type, integers too
 */
public record OpCase(
        Op op,
        List<Draw> inputs,
        Kind kind,
        Function<Tensor[], Tensor> kink,
        Tolerance tolerance,
        List<List<TensorType>> rejected,
        boolean anyType) {

    /** Extents around vector widths and their multiples. */
    public static final List<Integer> AWKWARD = List.of(1, 2, 7, 31, 33, 100, 129);

    /** What the derivatives of an op are. */
    public enum Kind {
        /** They exist to second order, in every mixture of modes. */
        SMOOTH,
        /** They are zero by definition, whatever a difference would say. */
        STOPPED,
        /** It has no inputs, and its numbers come from outside. */
        LEAF
    }

    /**
     * An error of c · eps · √n, relative to the largest element (or 1).
     *
     * @param c roundings that do not average out
     * @param n length of the sums, whose roundings do
     * @param reason where c and n come from
     */
    public record Tolerance(double c, long n, String reason) {
        /** Distance between 1 and the next number of 32 bits. */
        public static final double EPS32 = 0x1p-23;

        /** Distance between 1 and the next number of 64 bits. */
        public static final double EPS64 = 0x1p-52;

        /** Returns the error allowed to arithmetic with a given distance between numbers. */
        public double of(double eps) {
            return c * eps * Math.sqrt((double) n);
        }
    }

    /** Starts a case. */
    public static OpCase op(Op op) {
        Tolerance once = new Tolerance(2, 1, "one operation an element, rounded once; 2 for a library's last bit");
        return new OpCase(op, List.of(), Kind.SMOOTH, null, once, List.of(), false);
    }

    /** One case for each awkward size. */
    public static Stream<OpCase> sizes(Function<Integer, OpCase> row) {
        return AWKWARD.stream().map(row);
    }

    /** Says how the inputs are drawn. */
    public OpCase in(Draw... draws) {
        return new OpCase(op, List.of(draws), kind, kink, tolerance, rejected, anyType);
    }

    /** Says that derivatives are not what differences say. */
    public OpCase kind(Kind other) {
        return new OpCase(op, inputs, other, kink, tolerance, rejected, anyType);
    }

    /** Says where the op is not differentiable: where the given tensor is 0. */
    public OpCase kinkWhereZero(Function<Tensor[], Tensor> distance) {
        return new OpCase(op, inputs, kind, distance, tolerance, rejected, anyType);
    }

    /** Says what 32-bit arithmetic may lose: c · eps · √n. */
    public OpCase tolerance(double c, long n, String reason) {
        return new OpCase(op, inputs, kind, kink, new Tolerance(c, n, reason), rejected, anyType);
    }

    /** Says that the op must refuse inputs of these types. */
    public OpCase rejects(TensorType... types) {
        List<List<TensorType>> more = new ArrayList<>(rejected);
        more.add(List.of(types));
        return new OpCase(op, inputs, kind, kink, tolerance, more, anyType);
    }

    /** Says that the op takes integers as well as floating numbers. */
    public OpCase movesAnyType() {
        return new OpCase(op, inputs, kind, kink, tolerance, rejected, true);
    }

    /** The same case with its images in bf16: the first input, and floating ones of as many axes. */
    public OpCase inBFloats() {
        int rank = inputs.get(0).type().shape().rank();
        return in(inputs.stream()
                .map(draw -> draw.type().shape().rank() == rank
                                && draw.type().dtype().isFloating()
                        ? draw.bfloats()
                        : draw)
                .toArray(Draw[]::new));
    }

    /** Returns whether numbers are rounded to bf16: a difference of two results then says nothing of a derivative. */
    public boolean rounds() {
        return Stream.concat(types().stream(), op.infer(types()).stream()).anyMatch(type -> type.dtype() == DType.BF16);
    }

    /** Returns the types of the inputs. */
    public List<TensorType> types() {
        return inputs.stream().map(Draw::type).toList();
    }

    @Override
    public String toString() {
        return op + types().stream().map(TensorType::toString).collect(Collectors.joining(", ", " of (", ")"));
    }
}
