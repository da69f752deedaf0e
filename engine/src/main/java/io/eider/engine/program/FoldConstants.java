package io.eider.engine.program;

import io.eider.engine.graph.Graph;
import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.op.BinaryElementwise;
import io.eider.engine.op.UnaryElementwise;
import io.eider.engine.op.primitive.Add;
import io.eider.engine.op.primitive.Broadcast;
import io.eider.engine.op.primitive.Cast;
import io.eider.engine.op.primitive.Divide;
import io.eider.engine.op.primitive.Fill;
import io.eider.engine.op.primitive.Multiply;
import io.eider.engine.op.primitive.Reshape;
import io.eider.engine.op.primitive.StopGradient;
import io.eider.engine.op.primitive.Subtract;
import java.util.List;

/**
 * Removes what is known before the run: {@code stopGradient}, x + 0, x − 0, x · 1, x / 1, and elementwise arithmetic,
 * repetition, reshaping and casts of constants. x · 0 stays, for x may be infinite.
 */
final class FoldConstants implements Pass {
    @Override
    public Graph apply(Graph graph) {
        return Rewriter.rewrite(graph, FoldConstants::fold);
    }

    private static Tensor[] fold(Node node, List<Tensor> inputs) {
        if (node.op() instanceof StopGradient) {
            return new Tensor[] {inputs.get(0)};
        }
        if (inputs.stream().allMatch(FoldConstants::isConstant)) {
            Double value = value(node, inputs);
            if (value != null) {
                return new Tensor[] {Fill.fill(value, node.type(0))};
            }
        }
        if (isNeutral(node, inputs.get(0), true)) {
            return new Tensor[] {inputs.get(1)};
        }
        if (inputs.size() == 2 && isNeutral(node, inputs.get(1), false)) {
            return new Tensor[] {inputs.get(0)};
        }
        return new Node(node.op(), inputs).outputs();
    }

    private static Double value(Node node, List<Tensor> inputs) {
        double first = constant(inputs.get(0));
        if (node.op() instanceof UnaryElementwise unary) {
            return unary.of(first);
        }
        if (node.op() instanceof BinaryElementwise binary) {
            return binary.of(first, constant(inputs.get(1)));
        }
        if (node.op() instanceof Cast cast) {
            return cast.dtype().stored(first);
        }
        return node.op() instanceof Broadcast || node.op() instanceof Reshape ? first : null;
    }

    /** Returns whether an elementwise op with this constant on its left or right gives its other input. */
    private static boolean isNeutral(Node node, Tensor side, boolean left) {
        if (node.op() instanceof Add || (node.op() instanceof Subtract && !left)) {
            return isConstant(side, 0);
        }
        return (node.op() instanceof Multiply || (node.op() instanceof Divide && !left)) && isConstant(side, 1);
    }

    private static boolean isConstant(Tensor tensor) {
        return tensor.node().op() instanceof Fill;
    }

    private static boolean isConstant(Tensor tensor, double value) {
        return isConstant(tensor) && constant(tensor) == value;
    }

    private static double constant(Tensor tensor) {
        return ((Fill) tensor.node().op()).value();
    }
}
