package io.eider.engine.op;

import io.eider.engine.graph.Node;
import io.eider.engine.graph.Tensor;
import io.eider.engine.graph.TensorType;
import io.eider.engine.op.primitive.Input;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** A case with numbers: one application of its op, and a direction for every input and output. */
final class Sample {
    /** Distance to a kink, in units of the op's result, that a difference must not cross. */
    private static final double MARGIN = 5e-4;

    private static final int ATTEMPTS = 200;

    final OpCase row;
    final Node node;
    final Tensor[] inputs;
    final Tensor[] outputs;
    final Tensor[] tangents;
    final Tensor[] cotangents;
    final Map<Tensor, double[]> numbers = new HashMap<>();

    /** Draws numbers; the same ones each time, from a seed that follows from the case's name. */
    Sample(OpCase row) {
        this.row = row;
        Random random = new Random(row.toString().hashCode());
        inputs = row.types().stream().map(Sample::input).toArray(Tensor[]::new);
        node = new Node(row.op(), List.of(inputs));
        outputs = node.outputs();
        drawInputs(random);
        tangents = row.types().stream().map(type -> direction(type, random)).toArray(Tensor[]::new);
        cotangents = node.types().stream().map(type -> direction(type, random)).toArray(Tensor[]::new);
    }

    /** Returns the inputs that have derivatives. */
    int[] floating() {
        return IntStream.range(0, inputs.length)
                .filter(i -> inputs[i].dtype().isFloating())
                .toArray();
    }

    /** Returns all tangents at once, then each with the others zero, which a rule is told by {@code null}. */
    List<Tensor[]> tangentChoices() {
        return choices(tangents);
    }

    /** Returns all cotangents at once, then each with the others zero. */
    List<Tensor[]> cotangentChoices() {
        return choices(cotangents);
    }

    /** Returns an evaluator at x + h·t. */
    Evaluator at(double h, Tensor[] direction) {
        Map<Tensor, double[]> moved = new HashMap<>(numbers);
        for (int i = 0; i < inputs.length; i++) {
            if (direction[i] != null) {
                double[] x = numbers.get(inputs[i]).clone();
                double[] t = numbers.get(direction[i]);
                for (int j = 0; j < x.length; j++) {
                    x[j] += h * t[j];
                }
                moved.put(inputs[i], x);
            }
        }
        return new Evaluator(moved);
    }

    /** Returns an evaluator at x. */
    Evaluator here() {
        return new Evaluator(numbers);
    }

    private void drawInputs(Random random) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            for (int i = 0; i < inputs.length; i++) {
                numbers.put(inputs[i], row.inputs().get(i).numbers().apply(random));
            }
            if (row.kink() == null
                    || Arrays.stream(here().value(row.kink().apply(inputs))).allMatch(d -> Math.abs(d) > MARGIN)) {
                return;
            }
        }
        throw new IllegalStateException(row + ": every draw was near a kink; draw fewer or other numbers");
    }

    private Tensor direction(TensorType type, Random random) {
        if (!type.dtype().isFloating()) {
            return null;
        }
        Tensor direction = input(type);
        numbers.put(direction, Draw.normal(type.shape().dims()).numbers().apply(random));
        return direction;
    }

    private static List<Tensor[]> choices(Tensor[] all) {
        List<Tensor[]> choices = new ArrayList<>();
        choices.add(all);
        for (int i = 0; i < all.length && all.length > 1; i++) {
            if (all[i] != null) {
                Tensor[] one = new Tensor[all.length];
                one[i] = all[i];
                choices.add(one);
            }
        }
        return choices;
    }

    private static Tensor input(TensorType type) {
        return Input.input("", type);
    }
}
