package io.eider.engine.program;

import io.eider.engine.backend.Device;
import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Shape;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.fused.ExampleLossGradient;
import io.eider.engine.op.fused.ExampleLossTangent;
import io.eider.engine.op.fused.LossFunction;
import io.eider.engine.op.fused.MetaGradient;
import io.eider.engine.op.primitive.Add;
import io.eider.engine.op.primitive.Broadcast;
import io.eider.engine.op.primitive.Fill;
import io.eider.engine.op.primitive.Multiply;
import io.eider.engine.op.primitive.Negate;
import io.eider.engine.op.primitive.Subtract;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the end of the method's stage 2 one {@link MetaGradient} where the device has a kernel for it: a loss gradient
 * whose cotangent is (w + s·l˙)/n, where l˙ is the tangent of the same losses of the same logits, and s a product of
 * scalars. Whoever else uses l˙ or the weights w + s·l˙ uses the new op's. Expects folded constants.
 */
record FuseMetaGradient(Device device) implements Pass {
    /** Where the pattern was found. */
    private record Match(Node tangent, Node weights, Node gradient, Tensor classWeights, Scaled step) {}

    /** A tensor as a constant times scalars times another tensor. */
    private record Scaled(Tensor tensor, double constant, List<Tensor> scalars) {}

    @Override
    public Graph apply(Graph graph) {
        Map<Node, Match> matches = new HashMap<>();
        for (Node node : graph.nodes()) {
            Match match = node.op() instanceof ExampleLossGradient op ? match(node, op.loss()) : null;
            if (match != null) {
                matches.putIfAbsent(match.tangent, match);
            }
        }
        if (matches.isEmpty()) {
            return graph;
        }
        Map<Node, Tensor[]> made = new HashMap<>();
        Map<Node, Tensor[]> replaced = new HashMap<>();
        return Rewriter.rewrite(graph, (node, inputs) -> {
            Tensor[] outputs = replaced.get(node);
            if (matches.containsKey(node)) {
                Match match = matches.get(node);
                Node fused = fused(match, inputs, made);
                outputs = new Tensor[] {fused.output(0)};
                replaced.put(match.weights, new Tensor[] {fused.output(1)});
                replaced.put(match.gradient, new Tensor[] {fused.output(2)});
            }
            outputs = outputs == null ? new Node(node.op(), inputs).outputs() : outputs;
            made.put(node, outputs);
            return outputs;
        });
    }

    private Match match(Node gradient, LossFunction loss) {
        Scaled shares = scaled(gradient.input(gradient.inputs().size() - 1));
        Node weights = shares.tensor.node();
        int n = gradient.type(0).shape().dim(0);
        if (!shares.scalars.isEmpty() || shares.constant != 1.0 / n) {
            return null;
        }
        if (weights.op() instanceof Subtract) {
            return match(gradient, loss, weights, 0, scaled(weights.input(1)), -1);
        }
        if (weights.op() instanceof Add) {
            Match right = match(gradient, loss, weights, 0, scaled(weights.input(1)), 1);
            return right != null ? right : match(gradient, loss, weights, 1, scaled(weights.input(0)), 1);
        }
        return null;
    }

    /** The match where one input of the weights' node is the class weights and the other is the correction. */
    private Match match(Node gradient, LossFunction loss, Node weights, int input, Scaled correction, int sign) {
        Node tangent = correction.tensor.node();
        Tensor classWeights = weights.input(input);
        int own = gradient.inputs().size() - 1;
        boolean same = tangent.op().equals(new ExampleLossTangent(loss))
                && tangent.inputs().subList(0, own).equals(gradient.inputs().subList(0, own));
        if (!same
                || !isBefore(classWeights, tangent)
                || correction.scalars.stream().anyMatch(scalar -> !isBefore(scalar, tangent))) {
            return null;
        }
        Scaled step = new Scaled(correction.tensor, sign * correction.constant, correction.scalars);
        Match match = new Match(tangent, weights, gradient, classWeights, step);
        return device.supports(fused(match, tangent.inputs(), Map.of())) ? match : null;
    }

    /** The fused op takes the tangent's place, so what it reads besides must be there by then. */
    private static boolean isBefore(Tensor tensor, Node tangent) {
        return tensor.node().inputs().isEmpty() || tensor.node().id() < tangent.id();
    }

    private static Node fused(Match match, List<Tensor> tangentInputs, Map<Node, Tensor[]> made) {
        Tensor step = Fill.fill(match.step.constant, match.classWeights.type().withShape(Shape.SCALAR));
        for (Tensor scalar : match.step.scalars) {
            step = step.times(now(scalar, made));
        }
        List<Tensor> inputs = new ArrayList<>(tangentInputs);
        inputs.add(now(match.classWeights, made));
        inputs.add(step);
        LossFunction loss = ((ExampleLossTangent) match.tangent.op()).loss();
        return new Node(new MetaGradient(loss), inputs);
    }

    private static Tensor now(Tensor old, Map<Node, Tensor[]> made) {
        return made.containsKey(old.node()) ? made.get(old.node())[old.index()] : old;
    }

    /** Undoes negations and multiplications by what is the same for all elements. */
    private static Scaled scaled(Tensor tensor) {
        double constant = 1;
        List<Tensor> scalars = new ArrayList<>();
        Tensor rest = tensor;
        while (true) {
            Node node = rest.node();
            int factor = node.op() instanceof Multiply ? uniformFactor(node) : -1;
            if (node.op() instanceof Negate) {
                constant = -constant;
                rest = node.input(0);
            } else if (factor >= 0) {
                Node uniform = node.input(factor).node();
                if (uniform.op() instanceof Fill fill) {
                    constant *= fill.value();
                } else {
                    scalars.add(uniform.input(0));
                }
                rest = node.input(1 - factor);
            } else {
                return new Scaled(rest, constant, scalars);
            }
        }
    }

    /** Which input of a product is a constant or a repeated scalar, or −1. */
    private static int uniformFactor(Node product) {
        for (int i = 1; i >= 0; i--) {
            Node node = product.input(i).node();
            if (node.op() instanceof Fill
                    || node.op() instanceof Broadcast && node.input(0).shape().equals(Shape.SCALAR)) {
                return i;
            }
        }
        return -1;
    }
}
