package io.eider.engine.autodiff;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.primitive.Fill;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reverse- and forward-mode differentiation, each a function from graphs to graphs. */
public final class Autodiff {
    private Autodiff() {}

    /**
     * Gradient of a scalar.
     *
     * @param y a scalar
     * @param xs tensors taken as independent variables
     * @return ∂y/∂x for each x, of its shape; zeros where y does not depend on it
     * @throws IllegalArgumentException if y is not a floating scalar, a tensor stands twice among the xs, or one holds integers
     */
    public static List<Tensor> gradients(Tensor y, List<Tensor> xs) {
        if (!y.shape().equals(Shape.SCALAR) || !y.dtype().isFloating()) {
            throw new IllegalArgumentException("gradients needs a floating scalar, got " + y.type()
                    + ": reduce it first (sum or mean), or use vjp with a cotangent of its shape");
        }
        checkDistinct(xs);
        for (Tensor x : xs) {
            if (!x.dtype().isFloating()) {
                throw new IllegalArgumentException("xs hold " + x + ", whose integers have no gradient: leave it out");
            }
        }
        Tensor[] gradients = vjp(new Tensor[] {y}, new Tensor[] {Fill.fill(1, y.type())}, xs.toArray(Tensor[]::new));
        List<Tensor> result = new ArrayList<>();
        for (int i = 0; i < gradients.length; i++) {
            result.add(
                    gradients[i] != null ? gradients[i] : Fill.fill(0, xs.get(i).type()));
        }
        return List.copyOf(result);
    }

    /**
     * Directional derivative: the tangent of y when each x moves along its tangent.
     *
     * @param y the function value
     * @param xs tensors taken as independent variables
     * @param tangents one direction an x, of its shape
     * @return ẏ, of y's shape; zeros where y depends on no x
     * @throws IllegalArgumentException if there is not one tangent an x, or a tensor stands twice among the xs
     */
    public static Tensor jvp(Tensor y, List<Tensor> xs, List<Tensor> tangents) {
        checkDistinct(xs);
        if (tangents.size() != xs.size()) {
            throw new IllegalArgumentException(xs.size() + " xs need as many tangents, got " + tangents.size());
        }
        Tensor tangent = jvp(new Tensor[] {y}, xs.toArray(Tensor[]::new), tangents.toArray(Tensor[]::new))[0];
        return tangent != null ? tangent : Fill.fill(0, y.type());
    }

    /**
     * Vector-Jacobian product of several outputs at once.
     *
     * @param ys function values
     * @param cotangents one entry a y, of its shape, or {@code null} for zero
     * @param xs independent variables; where one tensor stands twice, its whole cotangent is at the first place
     * @return one entry an x, {@code null} where it is zero
     */
    public static Tensor[] vjp(Tensor[] ys, Tensor[] cotangents, Tensor[] xs) {
        List<Node> path = path(ys, xs);
        Set<Node> onPath = new HashSet<>(path);
        Set<Tensor> cut = new HashSet<>(Arrays.asList(xs));
        Map<Tensor, Tensor> found = new HashMap<>();
        for (int i = 0; i < ys.length; i++) {
            if (cotangents[i] != null) {
                checkShape("cotangent", ys[i], cotangents[i]);
                found.merge(ys[i], cotangents[i], Tensor::plus);
            }
        }
        for (int i = path.size() - 1; i >= 0; i--) {
            Node node = path.get(i);
            Tensor[] outgoing = new Tensor[node.types().size()];
            boolean any = false;
            for (int k = 0; k < outgoing.length; k++) {
                Tensor output = node.output(k);
                outgoing[k] = cut.contains(output) ? null : found.get(output);
                any |= outgoing[k] != null;
            }
            if (!any) {
                continue;
            }
            Tensor[] incoming = node.op().vjp(node, outgoing);
            checkCount("vjp of " + node.op(), node.inputs().size(), incoming);
            for (int k = 0; k < incoming.length; k++) {
                Tensor input = node.input(k);
                if (incoming[k] != null && (cut.contains(input) || onPath.contains(input.node()))) {
                    checkShape("vjp of " + node.op(), input, incoming[k]);
                    found.merge(input, incoming[k], Tensor::plus);
                }
            }
        }
        Tensor[] result = new Tensor[xs.length];
        for (int i = 0; i < xs.length; i++) {
            result[i] = found.remove(xs[i]);
        }
        return result;
    }

    /**
     * Jacobian-vector product of several outputs at once.
     *
     * @param ys function values
     * @param xs independent variables
     * @param tangents one entry an x, of its shape, or {@code null} for zero
     * @return one entry a y, {@code null} where it is zero
     */
    public static Tensor[] jvp(Tensor[] ys, Tensor[] xs, Tensor[] tangents) {
        Map<Tensor, Tensor> found = new HashMap<>();
        Set<Tensor> cut = new HashSet<>(Arrays.asList(xs));
        for (int i = 0; i < xs.length; i++) {
            if (tangents[i] != null) {
                checkShape("tangent", xs[i], tangents[i]);
                found.put(xs[i], tangents[i]);
            }
        }
        for (Node node : path(ys, xs)) {
            Tensor[] incoming = node.inputs().stream().map(found::get).toArray(Tensor[]::new);
            if (Arrays.stream(incoming).allMatch(tangent -> tangent == null)) {
                continue;
            }
            Tensor[] outgoing = node.op().jvp(node, incoming);
            checkCount("jvp of " + node.op(), node.types().size(), outgoing);
            for (int k = 0; k < outgoing.length; k++) {
                Tensor output = node.output(k);
                if (outgoing[k] != null && !cut.contains(output)) {
                    checkShape("jvp of " + node.op(), output, outgoing[k]);
                    found.put(output, outgoing[k]);
                }
            }
        }
        return Arrays.stream(ys).map(found::get).toArray(Tensor[]::new);
    }

    /** Nodes that lie between xs and ys, inputs first; a node whose outputs are all x's is not entered. */
    private static List<Node> path(Tensor[] ys, Tensor[] xs) {
        Set<Tensor> cut = new HashSet<>(Arrays.asList(xs));
        Set<Node> seen = new HashSet<>();
        Deque<Node> open = new ArrayDeque<>();
        for (Tensor y : ys) {
            if (!cut.contains(y) && seen.add(y.node())) {
                open.push(y.node());
            }
        }
        while (!open.isEmpty()) {
            for (Tensor input : open.pop().inputs()) {
                if (!cut.contains(input) && seen.add(input.node())) {
                    open.push(input.node());
                }
            }
        }
        List<Node> ordered = new ArrayList<>(seen);
        ordered.sort((a, b) -> Long.compare(a.id(), b.id()));
        Set<Node> dependent = new HashSet<>();
        List<Node> path = new ArrayList<>();
        for (Node node : ordered) {
            for (Tensor input : node.inputs()) {
                if (cut.contains(input) || dependent.contains(input.node())) {
                    dependent.add(node);
                    path.add(node);
                    break;
                }
            }
        }
        return path;
    }

    /** A rule that forgets an entry would otherwise be taken to say zero. */
    private static void checkCount(String what, int expected, Tensor[] actual) {
        if (actual.length != expected) {
            throw new IllegalStateException(what + " has " + actual.length + " entries, not " + expected);
        }
    }

    private static void checkDistinct(List<Tensor> xs) {
        Set<Tensor> seen = new HashSet<>();
        for (Tensor x : xs) {
            if (!seen.add(x)) {
                throw new IllegalArgumentException("xs hold " + x + " twice: it is one independent variable");
            }
        }
    }

    private static void checkShape(String what, Tensor primal, Tensor derivative) {
        if (!primal.type().equals(derivative.type())) {
            throw new IllegalStateException(what + " has type " + derivative.type() + " but its primal is "
                    + primal.type() + " (" + primal + ")");
        }
    }
}
